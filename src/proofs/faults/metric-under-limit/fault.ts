import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** What every threshold from below is for. */
export const fault: Fault = {
  name: 'metric-under-limit',
  title: 'Falls below its limit',
  description: 'The value falls below its limit and stays there.',
  breaks: ['metric'],
  failureClass: 'resource.exhausted',
  remedy: 'Set `below` with the limit, and a `for` that is shorter than the damage takes.',
  applies: (expects) => expects.speaks === 'metric' && healthy(expects).backlog === null,
  demanded: (expects) => healthy(expects).lower !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'low' }),
}

const healthy = ({ healthy: given }: Expectation) =>
  (given ?? {}) as { backlog?: object | null; lower?: number | null }
