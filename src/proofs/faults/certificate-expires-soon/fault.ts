import { DAY } from '../../../kit/duration.ts'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** Still valid, inside the time in which the monitor should complain. */
export const fault: Fault = {
  name: 'certificate-expires-soon',
  title: 'Certificate about to expire',
  description: 'Still valid, but its renewal is overdue: half of the warning time is left, or one day.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.renewal-overdue',
  remedy: 'Set `expect.renewBefore` so that an overdue renewal is noticed before the certificate ends.',
  applies: (expects) => expects.secure,
  async start({ clock, lab, expects }) {
    const left = expects.warnMs > 0 ? expects.warnMs / 2 : DAY
    const leaf = { ...goodLeaf(expects, lab.now), notBefore: lab.now - 90 * DAY, notAfter: lab.now + left }
    return startLabServer({ clock, expects, certificate: await lab.expected.issue(leaf) })
  },
}
