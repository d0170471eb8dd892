import { DAY, HOUR } from '../../../kit/duration.ts'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** The renewal never happened. */
export const fault: Fault = {
  name: 'certificate-expired',
  title: 'Certificate expired an hour ago',
  description: 'The right name from the right issuer, but the renewal did not happen in time.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.expired',
  remedy: 'Let the monitor verify the certificate: remove `accept: any`.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    const leaf = { ...goodLeaf(expects, lab.now), notBefore: lab.now - 90 * DAY, notAfter: lab.now - HOUR }
    return startLabServer({ clock, expects, certificate: await lab.expected.issue(leaf) })
  },
}
