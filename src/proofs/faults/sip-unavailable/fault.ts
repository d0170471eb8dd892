import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The server is there and has no memory left to serve. */
export const fault: Fault = {
  name: 'sip-unavailable',
  title: 'Answers with status 503',
  description:
    'Every request is answered 503 Service Unavailable: what a front end says that ran out of memory.',
  breaks: ['sip'],
  failureClass: 'service.overloaded',
  remedy: 'Take 503 out of `expect.status`.',
  applies: (expects) => expects.speaks === 'sip',
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'unavailable' }),
}
