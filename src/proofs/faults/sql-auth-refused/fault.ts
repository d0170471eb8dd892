import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A password was changed in one place only. */
export const fault: Fault = {
  name: 'sql-auth-refused',
  title: 'Refuses the user',
  description: 'The database is well and refuses the log-in.',
  breaks: ['sql'],
  failureClass: 'access.refused',
  remedy: 'Every SQL monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'auth-refused' }),
}
