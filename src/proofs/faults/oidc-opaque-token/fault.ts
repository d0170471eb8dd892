import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A switch of the client was turned. */
export const fault: Fault = {
  name: 'oidc-opaque-token',
  title: 'Grants opaque tokens',
  description: 'A token is granted that is no signed JWT: consumers cannot read it.',
  breaks: ['oidc'],
  failureClass: 'token.unverifiable',
  remedy: 'Leave `expect.jwt` on, and give the monitor a `client`.',
  applies: () => true,
  demanded: (expects) => healthy(expects).client === true && healthy(expects).jwt === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'opaque-token' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { client?: boolean; jwt?: boolean }
