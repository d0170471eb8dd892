import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Nothing is worked off, and the retention comes nearer. */
export const fault: Fault = {
  name: 'metric-backlog-aging',
  title: 'What waits is nearly thrown away',
  description: 'The oldest that waits is past half of its retention, and grows older with the clock.',
  breaks: ['metric'],
  failureClass: 'data.retention',
  remedy: 'Set `backlog` with the `retention` that really holds, and a `warn` that leaves time to act.',
  applies: (expects) => expects.speaks === 'metric' && (expects.healthy as MetricDemands).backlog !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'backlog' }),
}
