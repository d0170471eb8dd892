import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The accounts are gone, or their database is. */
export const fault: Fault = {
  name: 'sip-unauthorized',
  title: 'Refuses every log-in',
  description:
    'Whatever the log-in, it is answered 401 Unauthorized: what a registrar does whose accounts are lost.',
  breaks: ['sip'],
  failureClass: 'login.refused',
  remedy:
    'Set `user` and `password`, so that a refused log-in is not taken for a server that is merely careful.',
  applies: (expects) => expects.speaks === 'sip',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'unauthorized' }),
}
