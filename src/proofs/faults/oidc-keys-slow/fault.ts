import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Every verifier waits, and queues grow. */
export const fault: Fault = {
  name: 'oidc-keys-slow',
  title: 'Sends the keys too late',
  description: 'The signing keys come, after the latency budget of the monitor and before it gives up.',
  breaks: ['oidc'],
  failureClass: 'latency',
  remedy: 'Set `expect.keysLatency` to what consumers bear, and below `stepTimeout`.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'keys-slow' }),
}
