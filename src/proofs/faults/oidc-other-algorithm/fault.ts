import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A default changed with an upgrade. */
export const fault: Fault = {
  name: 'oidc-other-algorithm',
  title: 'Signs with another algorithm',
  description:
    'Tokens are signed by an algorithm that consumers do not accept, with a key that is published.',
  breaks: ['oidc'],
  failureClass: 'token.unverifiable',
  remedy: 'Set `expect.algorithms` to what all consumers accept, and give the monitor a `client`.',
  applies: () => true,
  demanded: (expects) => healthy(expects).choosy === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'other-algorithm' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { choosy?: boolean }
