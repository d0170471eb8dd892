import { startDatagramRefusal } from '../datagrams.ts'
import type { Fault } from '../fault.ts'
import { startRefusal } from '../lab-server.ts'

/** All nodes at once: a bad roll-out, a network that is gone. */
export const fault: Fault = {
  name: 'pool-members-down',
  title: 'Every member refuses',
  description: 'Nothing listens on any member of the pool: a bad roll-out, or the network behind it.',
  breaks: 'any',
  of: 'pool',
  failureClass: 'pool.down',
  remedy: 'Set `needs.least` to the number of members without which the service cannot stand.',
  applies: ({ members = 1 }) => members > 1,
  async start({ expects }) {
    const refusal = await (expects.datagrams ? startDatagramRefusal() : startRefusal())
    return { ...refusal, input: 'every-member' }
  },
}
