import type { Millis } from '../../../kit/clock.ts'
import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The right answer, too late for the users who wait for it. */
export const fault: Fault = {
  name: 'slow',
  title: 'Answers later than allowed',
  description:
    'Everything is right but the time: past the latency limit, or near the timeout where none is set.',
  breaks: ['http', 'sip', 'dns', 'grpc', 'websocket', 'smtp', 'sql', 'icmp'],
  failureClass: 'latency',
  remedy: 'Set `expect.maxLatency`: a timeout alone lets every answer before it pass as healthy.',
  applies: () => true,
  start({ clock, lab, expects }) {
    const certificate = lab.good
    return startLabServer({ clock, expects, certificate, delayMs: slowness(expects) })
  },
}

/** Later than the limit, and in time for the timeout, so that nothing but the limit can see it. */
export function slowness({ latencyMs, timeoutMs }: Expectation): Millis {
  if (latencyMs === null || latencyMs >= timeoutMs) return Math.round(timeoutMs * 0.7)
  return Math.round(latencyMs + (timeoutMs - latencyMs) * 0.25)
}
