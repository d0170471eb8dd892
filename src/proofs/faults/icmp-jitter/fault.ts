import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Calls stutter on such a line. */
export const fault: Fault = {
  name: 'icmp-jitter',
  title: 'Round trips that vary',
  description:
    'All packets come back, some of them much later than the others: calls stutter on such a line.',
  breaks: ['icmp'],
  failureClass: 'network.jitter',
  remedy: 'Set `expect.maxJitter`.',
  applies: () => true,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'jitter' }),
}
