import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** The right names everywhere, and a signature that no client trusts. */
export const fault: Fault = {
  name: 'certificate-untrusted',
  title: 'Certificate from an untrusted root',
  description:
    'The right name and the right issuer text, but the chain ends at a root that no client trusts.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.chain',
  remedy: 'Let the monitor verify the chain: remove `accept: any`; the text of the issuer proves nothing.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    return startLabServer({
      clock,
      expects,
      certificate: await lab.stranger.issue(goodLeaf(expects, lab.now)),
    })
  },
}
