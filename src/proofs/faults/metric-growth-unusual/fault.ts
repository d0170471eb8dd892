import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A stress test fills the table that grew by a few rows in an hour. */
export const fault: Fault = {
  name: 'metric-growth-unusual',
  title: 'Grows as never before',
  description: 'After days of even growth the value grows a thousand times as fast.',
  breaks: ['metric'],
  failureClass: 'growth.spike',
  remedy: 'Set `growth` with a `factor` against its own past, or `atMost`.',
  applies: (expects) =>
    expects.speaks === 'metric' &&
    (expects.healthy as MetricDemands).growth !== null &&
    (expects.healthy as MetricDemands).backlog === null &&
    (expects.healthy as MetricDemands).share === null &&
    !(expects.healthy as MetricDemands).counter,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'growth' }),
}
