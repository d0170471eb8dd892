import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A pool leaks, or a stress test took them all. */
export const fault: Fault = {
  name: 'sql-too-many-connections',
  title: 'Has no connection left',
  description: 'The database is well for those who are in, and lets nobody else in.',
  breaks: ['sql'],
  failureClass: 'resource.exhausted',
  remedy: 'Every SQL monitor should see this; look at the observation.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'too-many-connections' }),
}
