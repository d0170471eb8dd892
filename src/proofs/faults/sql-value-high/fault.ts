import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A queue in a table that nobody works off. */
export const fault: Fault = {
  name: 'sql-value-high',
  title: 'The value is too high',
  description: 'The query works, and its value is above what it may be: a queue that nobody works off.',
  breaks: ['sql'],
  failureClass: 'data.wrong',
  remedy: 'Set `expect.max` to the most that a healthy answer has.',
  applies: () => true,
  demanded: (expects) => healthy(expects).max !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'value-high' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { max?: number | null }
