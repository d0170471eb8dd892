import type { MetricDemands } from '../../labs/metric/course.ts'
import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The workaround that hid the fault: a restart each night, and nobody asks any more. */
export const fault: Fault = {
  name: 'metric-leak-restarted',
  title: 'Leaks, and is restarted before anybody sees',
  description:
    'The value grows toward its limit, and a restart puts it back again and again before it gets there.',
  breaks: ['metric'],
  failureClass: 'resource.leak-masked',
  remedy:
    'Set `forecast` with `resets: restarts`, and a `within` that is longer than the time between restarts.',
  applies: (expects) =>
    expects.speaks === 'metric' &&
    (expects.healthy as MetricDemands).limit !== null &&
    !(expects.healthy as MetricDemands).counter,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'restarts' }),
}
