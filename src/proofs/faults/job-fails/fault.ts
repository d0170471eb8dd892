import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The job runs on time and reports an exit status other than 0. */
export const fault: Fault = {
  name: 'job-fails',
  title: 'A job that fails',
  description: 'The job runs on time and reports an exit status other than 0.',
  breaks: ['heartbeat'],
  failureClass: 'job.failed',
  remedy: 'Every heartbeat should see this; look at the observation.',
  applies: (expects) => expects.speaks === 'heartbeat',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'fails' }),
}
