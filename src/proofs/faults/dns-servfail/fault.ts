import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** An expired zone, a validation that fails. */
export const fault: Fault = {
  name: 'dns-servfail',
  title: 'Answers that it failed',
  description: 'The name server is there and answers SERVFAIL: an expired zone, broken signatures.',
  breaks: ['dns'],
  failureClass: 'dns.error',
  remedy: 'Leave `expect.rcode` at NOERROR, unless the name must not exist.',
  applies: (expects) =>
    expects.speaks === 'dns' && (expects.healthy as { rcode: string }).rcode !== 'SERVFAIL',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'servfail' }),
}
