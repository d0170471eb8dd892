import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Security fell back to what nobody should use any more. */
export const fault: Fault = {
  name: 'rdp-no-tls',
  title: 'Offers no TLS',
  description: 'The terminal server confirms the connection without TLS, so that nobody can tell who it is.',
  breaks: ['rdp'],
  failureClass: 'certificate.missing',
  remedy: 'Every monitor of the kind rdp should see this; a tcp monitor does not: replace it by one.',
  applies: (expects) => expects.speaks === 'rdp',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'no-tls' }),
}
