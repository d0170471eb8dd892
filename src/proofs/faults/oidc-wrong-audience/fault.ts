import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The mapping of audiences was lost. */
export const fault: Fault = {
  name: 'oidc-wrong-audience',
  title: 'Grants tokens for somebody else',
  description: 'Tokens are granted and signed well, for another audience: the services refuse them.',
  breaks: ['oidc'],
  failureClass: 'token.claims',
  remedy: 'Set `expect.audience` to the audience that the services demand.',
  applies: () => true,
  demanded: (expects) => healthy(expects).claims?.aud !== undefined,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-audience' }),
}

const healthy = ({ healthy: given }: Expectation) =>
  (given ?? {}) as { claims?: { aud?: unknown; scope?: unknown } }
