import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** Everything fits, and it is not the certificate that is meant. */
export const fault: Fault = {
  name: 'certificate-replaced',
  title: 'Another certificate of the same name',
  description:
    'The right name, the right issuer, valid for months, and not the certificate that clients have pinned: they refuse it.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.identity',
  remedy: 'Set `expect.fingerprint` to the certificate that must be served.',
  applies: (expects) => expects.secure,
  // Where nothing is pinned, a new certificate is a renewal.
  demanded: (expects) => expects.pinned === true,
  async start({ clock, lab, expects }) {
    return startLabServer({
      clock,
      expects,
      certificate: await lab.expected.issue(goodLeaf(expects, lab.now)),
    })
  },
}
