import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Every service that starts waits. */
export const fault: Fault = {
  name: 'oidc-discovery-slow',
  title: 'Sends the discovery document too late',
  description:
    'The discovery document comes, after the latency budget of the monitor and before it gives up.',
  breaks: ['oidc'],
  failureClass: 'latency',
  remedy: 'Set `expect.discoveryLatency` to what consumers bear, and below `stepTimeout`.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'discovery-slow' }),
}
