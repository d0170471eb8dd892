import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Copied from the line above, and not changed. */
export const fault: Fault = {
  name: 'inventory-duplicate-address',
  title: 'One address for two hosts',
  description: 'Two hosts are declared with the same address.',
  breaks: ['inventory'],
  failureClass: 'address.duplicate',
  remedy: 'Do not put `duplicate-address` under `skip`.',
  applies: (expects) => expects.speaks === 'inventory',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'duplicate' }),
}
