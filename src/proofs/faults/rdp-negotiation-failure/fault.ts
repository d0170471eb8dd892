import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The port answers, and the answer is a refusal. */
export const fault: Fault = {
  name: 'rdp-negotiation-failure',
  title: 'Refuses to negotiate',
  description:
    'The terminal server answers the connection request with a failure: it has no certificate for TLS.',
  breaks: ['rdp'],
  failureClass: 'service.broken',
  remedy: 'Every monitor of the kind rdp should see this; a tcp monitor does not: replace it by one.',
  applies: (expects) => expects.speaks === 'rdp',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'negotiation-failure' }),
}
