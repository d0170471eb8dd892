import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { mintSelfSigned } from '../lab-ca.ts'
import { startLabServer } from '../lab-server.ts'

/** A rebuilt node joins the pool before anybody gives it the certificate of the service. */
export const fault: Fault = {
  name: 'rdp-unconfigured-node',
  title: 'Node was never configured',
  description:
    'Serves a certificate that the machine made up for its own name, as a freshly installed node does.',
  breaks: ['rdp'],
  failureClass: 'certificate.identity',
  remedy: 'Remove `accept: any`, and set `expect.name` to the name that users connect to.',
  applies: (expects) => expects.speaks === 'rdp',
  async start({ clock, lab, expects }) {
    const certificate = await mintSelfSigned({ ...goodLeaf(expects, lab.now), names: ['TS-NODE-7'] })
    return startLabServer({ clock, expects, certificate })
  },
}
