import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The issuer is there, and whoever verifies a token waits. */
export const fault: Fault = {
  name: 'oidc-keys-hang',
  title: 'Accepts the request for keys and never answers',
  description: 'Discovery is fine; the request for the signing keys is accepted and never answered.',
  breaks: ['oidc'],
  failureClass: 'service.frozen',
  remedy: 'Lower `stepTimeout`: a check that waits longer than its consumers sees this too late.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'keys-hang' }),
}
