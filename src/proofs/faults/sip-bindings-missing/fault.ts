import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A restart lost what was registered. */
export const fault: Fault = {
  name: 'sip-bindings-missing',
  title: 'Other phones of the account are gone',
  description:
    'The check can register, and the other contacts of the account are gone: a restart has lost them.',
  breaks: ['sip'],
  failureClass: 'registrar.broken',
  remedy: 'Set `expect.minBindings` to how many contacts the account has, the check included.',
  applies: () => true,
  demanded: (expects) => (healthy(expects).bindings ?? 1) > 1,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'bindings-missing' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { bindings?: number }
