import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Each half of the pair is given the address that only one may have. */
export const fault: Fault = {
  name: 'inventory-floating-bound-twice',
  title: 'A floating address that is fixed in two places',
  description: 'The floating address of a pair is bound to the hardware of both.',
  breaks: ['inventory'],
  failureClass: 'address.conflict',
  remedy: 'Do not put `floating-bound-twice` under `skip`.',
  applies: (expects) => expects.speaks === 'inventory',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'floating' }),
}
