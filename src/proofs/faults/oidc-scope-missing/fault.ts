import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The scope was taken from the client. */
export const fault: Fault = {
  name: 'oidc-scope-missing',
  title: 'Grants tokens without their scope',
  description: 'Tokens are granted and signed well, without the scope that the services demand.',
  breaks: ['oidc'],
  failureClass: 'token.claims',
  remedy: 'Set `expect.scope` to the scopes that the services demand.',
  applies: () => true,
  demanded: (expects) => healthy(expects).claims?.scope !== undefined,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'scope-missing' }),
}

const healthy = ({ healthy: given }: Expectation) =>
  (given ?? {}) as { claims?: { aud?: unknown; scope?: unknown } }
