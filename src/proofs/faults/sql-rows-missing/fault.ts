import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Somebody deleted what all others need. */
export const fault: Fault = {
  name: 'sql-rows-missing',
  title: 'Finds too few rows',
  description: 'The query works, and finds fewer rows than there must be.',
  breaks: ['sql'],
  failureClass: 'data.lost',
  remedy: 'Set `expect.rows`, or `expect.minRows` to the least that there must be.',
  applies: () => true,
  demanded: (expects) => healthy(expects).fewest !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'rows-missing' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { fewest?: number | null }
