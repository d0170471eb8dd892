import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** An upgrade changed how phones must log in. */
export const fault: Fault = {
  name: 'sip-digest-unknown',
  title: 'Asks for an unknown digest',
  description: 'The registrar asks for a log-in by a digest algorithm that no phone knows.',
  breaks: ['sip'],
  failureClass: 'login.refused',
  remedy: 'Set `method: register`: OPTIONS needs no log-in.',
  applies: (expects) => expects.speaks === 'sip',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'digest-unknown' }),
}
