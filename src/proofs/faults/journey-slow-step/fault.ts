import type { Millis } from '../../../kit/clock.ts'
import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Everything works, and the users wait for it. */
export const fault: Fault = {
  name: 'journey-slow-step',
  title: 'A step takes too long',
  description: 'Every step can be done, and the first page comes later than the journey allows in all.',
  breaks: ['journey'],
  failureClass: 'latency',
  remedy: 'Set `expect.maxLatency` to how long the whole journey may take, or `timeout` on a step.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, delayMs: slowness(expects), twist: 'slow-step' }),
}

// A moment more than the limit; where there is none, what the time of a step forgives.
function slowness({ latencyMs, timeoutMs }: Expectation): Millis {
  return latencyMs === null || latencyMs >= timeoutMs ? Math.round(timeoutMs * 0.2) : latencyMs + 300
}
