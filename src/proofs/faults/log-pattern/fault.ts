import type { HealthyLog } from '../../labs/log/lab.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The program writes more lines of the sort that the monitor counts than it may. */
export const fault: Fault = {
  name: 'log-pattern',
  title: 'The pattern appears in the log',
  description: 'The program writes more lines of the sort that the monitor counts than it may.',
  breaks: ['log'],
  failureClass: 'log.pattern',
  remedy:
    'Lower `moreThan`, or widen the window; where no line could be made up, give one as the sample of the drill.',
  applies: (expects) => expects.speaks === 'log' && (expects.healthy as HealthyLog).bad !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'matches' }),
}
