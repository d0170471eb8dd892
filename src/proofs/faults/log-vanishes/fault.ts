import type { HealthyLog } from '../../labs/log/lab.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The file is removed. */
export const fault: Fault = {
  name: 'log-vanishes',
  title: 'The log file vanishes',
  description: 'The file is removed, or the program writes elsewhere since its last change.',
  breaks: ['log'],
  failureClass: 'log.missing',
  remedy: 'Every log monitor that follows a file should see this; look at the observation.',
  applies: (expects) => expects.speaks === 'log' && (expects.healthy as HealthyLog).file,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'vanishes' }),
}
