import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Phones sign in, and cannot be called. */
export const fault: Fault = {
  name: 'sip-not-bound',
  title: 'Confirms registrations and keeps none',
  description:
    'REGISTER is answered 200, and the binding is not kept: phones look signed in and nobody reaches them.',
  breaks: ['sip'],
  failureClass: 'registrar.broken',
  remedy: 'Set `method: register`, with a `user` and a `password`: OPTIONS does not touch the registrar.',
  applies: (expects) => expects.speaks === 'sip',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'not-bound' }),
}
