import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The job starts. */
export const fault: Fault = {
  name: 'job-late',
  title: 'A job that runs too late',
  description: 'The job starts, but well after its time and its grace.',
  breaks: ['heartbeat'],
  failureClass: 'job.late',
  remedy: 'Set `startGrace` to what lateness you can bear, shorter than the time between two runs.',
  applies: (expects) => expects.speaks === 'heartbeat',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'late' }),
}
