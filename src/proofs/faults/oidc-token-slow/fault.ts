import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Users wait at the door. */
export const fault: Fault = {
  name: 'oidc-token-slow',
  title: 'Grants tokens too late',
  description: 'A token comes, after the latency budget of the monitor and before it gives up.',
  breaks: ['oidc'],
  failureClass: 'latency',
  remedy:
    'Give the monitor a `client`, and set `expect.tokenLatency` to what consumers bear, below `stepTimeout`.',
  applies: () => true,
  demanded: (expects) => healthy(expects).client === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'token-slow' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { client?: boolean }
