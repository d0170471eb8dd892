import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The job is started on time again and again. */
export const fault: Fault = {
  name: 'job-hangs',
  title: 'A job that starts and never ends',
  description: 'The job is started on time again and again, and none of its runs comes to an end.',
  breaks: ['heartbeat'],
  failureClass: 'job.hung',
  remedy: 'Set `maxRun`, and let the job ping at its start and at its end: a start alone looks like life.',
  applies: (expects) => expects.speaks === 'heartbeat',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'hangs' }),
}
