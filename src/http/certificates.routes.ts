import * as contract from '../contract/certificates.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { findMonitor, type InventoryEntry, readInventory, readRenewals } from '../monitors/index.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, pageOfAll } from './presenting.ts'

/** The inventory of certificates. */
export const certificatesRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listCertificates, async ({ query }) => {
    const { issuer, service, monitor, sort } = query
    const found = await readInventory(db, {
      issuer,
      service,
      monitor,
      sort,
      past: query.past === 'true',
      ...(query.endsBefore !== undefined && { endsBefore: millis(query.endsBefore) }),
    })
    return pageOfAll(found, query, entryView, cursorOf)
  })
  bind(contract.readRenewals, async ({ params }) => {
    if (!(await findMonitor(db, params.id))) throw notFound('monitor', params.id)
    const { renewals, ...rest } = await readRenewals(db, params.id)
    return { ...rest, renewals: renewals.map((renewal) => ({ ...renewal, at: iso(renewal.at) })) }
  })
}

const cursorOf = ({ fingerprint }: InventoryEntry) => fingerprint.replaceAll(':', '').toLowerCase()

function entryView({
  notBefore,
  notAfter,
  firstSeen,
  servers,
  ...entry
}: InventoryEntry): contract.InventoryEntry {
  return {
    ...entry,
    notBefore: iso(notBefore),
    notAfter: iso(notAfter),
    firstSeen: iso(firstSeen),
    servers: servers.map(({ monitorId, serviceId, node, address, since, until, checkedAt, breaks }) => ({
      monitorId,
      serviceId,
      address: node || address,
      since: iso(since),
      lastSeen: isoOrNull(until ?? checkedAt),
      now: until === null,
      breaks,
    })),
  }
}
