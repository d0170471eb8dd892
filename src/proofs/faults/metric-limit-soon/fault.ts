import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Memory that leaks, a table that fills, a disk that runs full. */
export const fault: Fault = {
  name: 'metric-limit-soon',
  title: 'Comes nearer to its limit',
  description: 'The value moves to its limit at an even pace, and is still well away from it.',
  breaks: ['metric'],
  failureClass: 'resource.leak',
  remedy: 'Set `forecast` with the limit: a threshold speaks only when the limit is there.',
  applies: (expects) => expects.speaks === 'metric' && (expects.healthy as MetricDemands).limit !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'leak' }),
}
