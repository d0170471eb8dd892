import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** What every threshold is for. */
export const fault: Fault = {
  name: 'metric-over-limit',
  title: 'Rises over its limit',
  description: 'The value rises over its limit and stays there.',
  breaks: ['metric'],
  failureClass: 'resource.exhausted',
  remedy: 'Set `above` with the limit, and a `for` that is shorter than the damage takes.',
  applies: (expects) => expects.speaks === 'metric' && (expects.healthy as MetricDemands).backlog === null,
  demanded: (expects) => (expects.healthy as MetricDemands).upper !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'limit' }),
}
