import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A zone that somebody changed, or a resolver that lies. */
export const fault: Fault = {
  name: 'dns-wrong-answer',
  title: 'Answers with other records',
  description:
    'The name server answers well, with records that are not those of the service: a hijack, a wrong zone.',
  breaks: ['dns'],
  failureClass: 'dns.content',
  remedy: 'Set `expect.is` to the records that there must be, and no others.',
  applies: (expects) => expects.speaks === 'dns',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'wrong-answer' }),
}
