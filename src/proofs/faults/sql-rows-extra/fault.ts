import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Whatever the query looks for is there more often than it may be. */
export const fault: Fault = {
  name: 'sql-rows-extra',
  title: 'Finds too many rows',
  description: 'The query works, and finds more rows than there may be: sessions that hang, doubles.',
  breaks: ['sql'],
  failureClass: 'data.wrong',
  remedy: 'Set `expect.rows`, or `expect.maxRows` to the most that there may be.',
  applies: () => true,
  demanded: (expects) => healthy(expects).most !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'rows-extra' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { most?: number | null }
