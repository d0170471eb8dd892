import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The job is not started any more. */
export const fault: Fault = {
  name: 'job-silent',
  title: 'A job that does not run',
  description: 'The job is not started any more: its timer is gone, or its machine is.',
  breaks: ['heartbeat'],
  failureClass: 'job.silent',
  remedy:
    'Give the heartbeat the schedule of the job, and a grace that is shorter than the time between two runs.',
  applies: (expects) => expects.speaks === 'heartbeat',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'silent' }),
}
