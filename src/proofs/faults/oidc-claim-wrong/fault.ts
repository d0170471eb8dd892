import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A mapper was changed. */
export const fault: Fault = {
  name: 'oidc-claim-wrong',
  title: 'Grants tokens with another claim',
  description: 'Tokens are granted and signed well, and a claim has another value than the services demand.',
  breaks: ['oidc'],
  failureClass: 'token.claims',
  remedy: 'Set `expect.claims` to the claims that the services demand, with their values.',
  applies: () => true,
  demanded: (expects) => healthy(expects).demandsClaims === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'claim-wrong' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { demandsClaims?: boolean }
