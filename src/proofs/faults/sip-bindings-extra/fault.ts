import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Somebody else listens in, or old bindings are never removed. */
export const fault: Fault = {
  name: 'sip-bindings-extra',
  title: 'Too many phones at one account',
  description: 'The account has more contacts than it may have: bindings that never end, or a stranger.',
  breaks: ['sip'],
  failureClass: 'registrar.broken',
  remedy: 'Set `expect.maxBindings` to how many contacts the account may have, the check included.',
  applies: () => true,
  demanded: (expects) => healthy(expects).most !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'bindings-extra' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { most?: number | null }
