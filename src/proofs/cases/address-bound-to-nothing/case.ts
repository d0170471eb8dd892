import type { CaseInput } from '../case.ts'

/** CERNphone, OTG0150866: a registry that is wrong from the first day. */
export const incidentCase: CaseInput = {
  title: 'An address that is bound to no hardware',
  where: 'Telephony of CERN, 7 and 8 July 2024',
  what:
    'In the network registry the main address of a server was bound to no network card, and its floating address was. When ' +
    'its lease was renewed it was therefore given the floating address, which another machine had already. An alarm of 22:37 ' +
    'stood until 08:45 next morning; when the server was restarted, nobody could call for 37 minutes.',
  classes: ['address.conflict', 'page.unanswered'],
  strikes: ['floating-address'],
  lesson:
    'Compare the registry with its own rules every few minutes: it is wrong long before the day on which it matters.',
  values: {
    registry: { title: 'Address of the registry', example: 'https://network.example.org/devices.json' },
    host: { title: 'Server', example: 'sip-1.example.org', guess: 'host', optional: true },
  },
  monitors: {
    registry: {
      because: 'It reads the registry and names the address that is bound to nothing, or given twice.',
      sees: ['inventory-unbound-address', 'inventory-duplicate-address', 'inventory-floating-bound-twice'],
      settings: { type: 'inventory', url: '{registry}', every: '5m' },
    },
  },
  past: {
    began: '2024-07-07T22:37:00+02:00',
    noticed: '2024-07-08T08:45:00+02:00',
    mended: '2024-07-08T10:37:00+02:00',
    by: 'another team',
    how: 'Operators called in the morning about an alarm that had stood all night.',
    had: {
      host: {
        because: 'It asked whether the server answers; nobody looked into the registry.',
        settings: { type: 'tcp', target: '{host}:5060' },
      },
    },
  },
}
