import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A zone left as it was set for a move. */
export const fault: Fault = {
  name: 'dns-ttl-short',
  title: 'Records that live too short',
  description:
    'The records are right, and their TTL is far too short: the load on the name servers rises a hundredfold.',
  breaks: ['dns'],
  failureClass: 'dns.ttl',
  remedy: 'Set `expect.minTtl` to the shortest TTL that is meant.',
  applies: () => true,
  demanded: (expects) => healthy(expects).minTtl !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'ttl-short' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { minTtl?: number | null }
