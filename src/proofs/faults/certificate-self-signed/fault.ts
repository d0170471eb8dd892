import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { mintSelfSigned } from '../lab-ca.ts'
import { startLabServer } from '../lab-server.ts'

/** What a freshly installed machine serves before anybody gives it a certificate. */
export const fault: Fault = {
  name: 'certificate-self-signed',
  title: 'Self-signed certificate',
  description: 'The right name, signed by itself: what a rebuilt machine serves until it is configured.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.identity',
  remedy: 'Let the monitor verify the chain: remove `accept: any`, or set `expect.issuer`.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    return startLabServer({ clock, expects, certificate: await mintSelfSigned(goodLeaf(expects, lab.now)) })
  },
}
