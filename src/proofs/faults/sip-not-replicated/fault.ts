import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The pair has stopped to tell each other who is registered. */
export const fault: Fault = {
  name: 'sip-not-replicated',
  title: 'The other node knows nothing of it',
  description:
    'A phone registers at one node, and the other one, which would have to take over, does not know it.',
  breaks: ['sip'],
  failureClass: 'redundancy.lost',
  remedy: 'Set `alsoAt` to the other node of the pair.',
  applies: (expects) => healthy(expects).method === 'register',
  demanded: (expects) => healthy(expects).pair === true,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'not-replicated' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { method?: string; pair?: boolean }
