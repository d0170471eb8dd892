import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** Somebody changed the host by hand. */
export const fault: Fault = {
  name: 'inventory-host-differs',
  title: 'A host has another address than the registry',
  description:
    'The registry is consistent, and a host says that it has another address than the one declared.',
  breaks: ['inventory'],
  failureClass: 'address.conflict',
  remedy: 'Set `hosts`, so that the registry is compared with what the hosts say.',
  applies: () => true,
  demanded: (expects) => healthy(expects).hosts === true,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'host-differs' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { hosts?: boolean }
