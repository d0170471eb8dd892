import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The application behind the address is broken. */
export const fault: Fault = {
  name: 'oidc-discovery-500',
  title: 'Answers discovery with status 500',
  description: 'The server is there and says that it failed when it is asked for the discovery document.',
  breaks: ['oidc'],
  failureClass: 'http.error',
  remedy: 'Every OpenID Connect monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'discovery-500' }),
}
