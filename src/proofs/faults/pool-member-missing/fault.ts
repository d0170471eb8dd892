import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** All that are there are well. */
export const fault: Fault = {
  name: 'pool-member-missing',
  title: 'A member is gone from the list',
  description: 'One member is not in the list of nodes any more, and all others are well.',
  breaks: 'any',
  of: 'pool',
  failureClass: 'pool.too-small',
  remedy: 'Set `size` to how many members there must be.',
  applies: ({ members = 1 }) => members > 1,
  demanded: ({ sized }) => sized === true,
  async start({ clock, lab, expects }) {
    return { ...(await startLabServer({ clock, expects, certificate: lab.good })), input: 'member-missing' }
  },
}
