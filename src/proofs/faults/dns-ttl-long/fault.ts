import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A mistake in these records would stay for a week. */
export const fault: Fault = {
  name: 'dns-ttl-long',
  title: 'Records that live too long',
  description:
    'The records are right, and their TTL is so long that no change could be made quickly any more.',
  breaks: ['dns'],
  failureClass: 'dns.ttl',
  remedy: 'Set `expect.maxTtl` to the longest time that you could bear a wrong record.',
  applies: () => true,
  demanded: (expects) => healthy(expects).maxTtl !== null,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'ttl-long' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { maxTtl?: number | null }
