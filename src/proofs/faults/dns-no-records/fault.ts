import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A record that was lost in a change. */
export const fault: Fault = {
  name: 'dns-no-records',
  title: 'Answers without records',
  description: 'The code is good and the answer is empty: the record was lost in a change of the zone.',
  breaks: ['dns'],
  failureClass: 'dns.content',
  remedy: 'Leave `expect.atLeast` at 1 or more, or set `expect.is`.',
  applies: (expects) => expects.speaks === 'dns' && (expects.healthy as { texts: string[] }).texts.length > 0,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'no-records' }),
}
