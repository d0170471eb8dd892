import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import type { MonitorKind } from '../kind.ts'
import { checkInventory, INVENTORY_REASONS } from './check-inventory.ts'
import { BUILT_IN } from './rules.rules.ts'
import { type InventorySpec, inventorySchema } from './spec.ts'

export type { InventorySpec } from './spec.ts'

/** A registry of hosts and addresses, held against rules and against reality. */
export const inventory: MonitorKind<InventorySpec> = {
  kind: 'inventory',
  title: 'Inventory',
  description:
    'Reads a registry of hosts, interfaces and addresses from a file or over HTTP, finds what contradicts itself ' +
    '(several fixed addresses of which one is unbound, duplicates, floating addresses bound twice), and compares it ' +
    'with what hosts and DNS say. It sees no packet: a host that takes an address unasked shows only where hosts are asked.',
  schema: inventorySchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    'no-answer',
    'connection-lost',
    'answer-malformed',
    'http.status-unexpected',
    ...INVENTORY_REASONS,
    ...BUILT_IN.map(({ reason }) => reason),
  ],
  cost: 'network',
  check: checkInventory,
  target: (spec) => spec.file ?? spec.url!,
  typedAs: ['inventory:FILE', 'inventory:https://HOST/PATH'],
  schemes: {
    inventory(target) {
      const place = target.replace(/^inventory:/i, '')
      return /^https?:/i.test(place) ? { url: place } : { file: place.replace(/^\/\/(?=\/)/, '') }
    },
  },
  speaksTls: (target) => /^inventory:https:/i.test(target),
  cannotSee: [
    {
      failureClass: 'address.conflict',
      why: 'It reads what is declared: an address that a stranger takes is seen where `hosts` are asked.',
      seenBy: ['inventory'],
    },
    {
      failureClass: 'service.reachability',
      why: 'No service is connected to: use tcp, http or sip beside it.',
      seenBy: ['tcp', 'http', 'sip'],
    },
    {
      failureClass: 'certificate',
      why: 'Where it is fetched over TLS a drill plays it in the open: a tls monitor beside it is drilled for certificates.',
      seenBy: ['tls'],
    },
  ],
}
