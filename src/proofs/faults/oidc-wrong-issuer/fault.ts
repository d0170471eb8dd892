import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A proxy in front, a move, a copy of the test system. */
export const fault: Fault = {
  name: 'oidc-wrong-issuer',
  title: 'Names another issuer',
  description:
    'The discovery document names an issuer that is not the one asked for; consumers must refuse it.',
  breaks: ['oidc'],
  failureClass: 'identity',
  remedy: 'Every OpenID Connect monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-issuer' }),
}
