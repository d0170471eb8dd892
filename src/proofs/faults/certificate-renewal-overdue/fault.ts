import { DAY } from '../../../kit/duration.ts'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** Nothing is about to end yet, but the job that renews has stood still for weeks. */
export const fault: Fault = {
  name: 'certificate-renewal-overdue',
  title: 'Certificate not renewed in its window',
  description:
    'Most of the lifetime is over and the old certificate is still served, long before any warning.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.renewal-overdue',
  remedy: 'Set `expect.renewal`, so that a renewal that stands still is noticed before the end comes near.',
  applies: (expects) => expects.secure,
  demanded: (expects) => expects.overdueMs !== undefined,
  async start({ clock, lab, expects }) {
    const left = expects.overdueMs ?? 30 * DAY
    // Nine tenths of its life are over, which is late by every policy.
    const leaf = { ...goodLeaf(expects, lab.now), notBefore: lab.now - 9 * left, notAfter: lab.now + left }
    return startLabServer({ clock, expects, certificate: await lab.expected.issue(leaf) })
  },
}
