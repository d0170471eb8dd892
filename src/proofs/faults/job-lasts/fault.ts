import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The job ends well within its limit. */
export const fault: Fault = {
  name: 'job-lasts',
  title: 'A run that takes far longer than usual',
  description: 'The job ends well within its limit, but takes many times as long as its past runs.',
  breaks: ['heartbeat'],
  failureClass: 'job.slowing',
  remedy: 'Set `unusual`, such as 3: three times the median of the past runs.',
  applies: (expects) => expects.speaks === 'heartbeat',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'lasting' }),
}
