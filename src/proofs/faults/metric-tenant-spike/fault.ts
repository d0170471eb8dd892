import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** One tenant sends thirty times its usual share. */
export const fault: Fault = {
  name: 'metric-tenant-spike',
  title: 'One part takes the most',
  description: 'One part grows against its own past until it has most of the whole.',
  breaks: ['metric'],
  failureClass: 'tenant.spike',
  remedy: 'Set `share` with the label that tells the parts apart, and a `factor`.',
  applies: (expects) => expects.speaks === 'metric' && (expects.healthy as MetricDemands).share !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'spike' }),
}
