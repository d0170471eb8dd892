import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** The right name, from a trusted authority that nobody here asked. */
export const fault: Fault = {
  name: 'certificate-wrong-issuer',
  title: 'Certificate of another issuer',
  description:
    'The right name, and the chain is trusted, but another authority than the expected one signed it.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.identity',
  remedy: 'Set `expect.issuer` to the authority that issues this certificate.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    return startLabServer({ clock, expects, certificate: await lab.other.issue(goodLeaf(expects, lab.now)) })
  },
}
