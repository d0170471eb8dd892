import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** The server is created, its own address is bound to no card, and the floating one is. */
export const fault: Fault = {
  name: 'inventory-unbound-address',
  title: 'A second address without its hardware',
  description:
    'One host has two fixed addresses in one service, and one of them is bound to no hardware address.',
  breaks: ['inventory'],
  failureClass: 'address.unbound',
  remedy: 'Do not put `unbound-address` under `skip`.',
  applies: (expects) => expects.speaks === 'inventory',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'unbound' }),
}
