import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** What every threshold is for. */
export const fault: Fault = {
  name: 'metric-over-limit',
  title: 'Breaks its limit',
  description: 'The value jumps over its limit and stays there.',
  breaks: ['metric'],
  failureClass: 'resource.exhausted',
  remedy: 'Set `above` or `below` with the limit, and a `for` that is shorter than the damage takes.',
  applies: (expects) => expects.speaks === 'metric' && (expects.healthy as MetricDemands).limit !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'limit' }),
}
