import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The server has lost the zone and passes on what others say. */
export const fault: Fault = {
  name: 'dns-not-authoritative',
  title: 'Answers from a cache',
  description: 'The name server answers, but not from its own data: it lost the zone and asks others.',
  breaks: ['dns'],
  failureClass: 'dns.stale',
  remedy: 'Set `expect.authoritative` on monitors that ask the servers of the zone.',
  applies: () => true,
  demanded: (expects) => healthy(expects).authoritative === true,
  start: ({ clock, expects }) =>
    startLabServer({ clock, expects, certificate: null, twist: 'not-authoritative' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { authoritative?: boolean }
