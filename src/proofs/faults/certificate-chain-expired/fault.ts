import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** The leaf is young; what stands above it has ended. */
export const fault: Fault = {
  name: 'certificate-chain-expired',
  title: 'Intermediate certificate expired',
  description: 'The own certificate is valid for months, but the intermediate above it ended yesterday.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.chain',
  remedy:
    'Let the monitor verify the whole chain: remove `accept: any`; the dates of the leaf are not enough.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    return startLabServer({ clock, expects, certificate: await lab.lapsed.issue(goodLeaf(expects, lab.now)) })
  },
}
