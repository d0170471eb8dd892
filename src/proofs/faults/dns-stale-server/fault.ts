import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A secondary whose transfers fail unseen. */
export const fault: Fault = {
  name: 'dns-stale-server',
  title: 'One server was left behind',
  description:
    'One of several servers missed the last change of the zone and answers with what was true before.',
  breaks: ['dns'],
  failureClass: 'dns.stale',
  remedy: 'Ask for SOA at all servers of the zone, with `expect.agree`.',
  applies: (expects) => expects.speaks === 'dns' && (expects.healthy as { servers: number }).servers > 1,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'stale-server' }),
}
