import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Nothing was booked tonight. */
export const fault: Fault = {
  name: 'sql-value-low',
  title: 'The value is too low',
  description: 'The query works, and its value is below what it must be: an import that brought nothing.',
  breaks: ['sql'],
  failureClass: 'data.wrong',
  remedy: 'Set `expect.min` to the least that a healthy answer has.',
  applies: () => true,
  demanded: (expects) => healthy(expects).min !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'value-low' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { min?: number | null }
