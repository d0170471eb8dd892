import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A failover that nobody was told of. */
export const fault: Fault = {
  name: 'sql-wrong-role',
  title: 'Is in the other role',
  description: 'Everything answers, but the primary is a replica, or the other way round.',
  breaks: ['sql'],
  failureClass: 'redundancy.lost',
  remedy: 'Set `expect.role` to what this server must be.',
  applies: () => true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'wrong-role' }),
}
