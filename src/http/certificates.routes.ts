import * as contract from '../contract/certificates.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import {
  findMonitor,
  type InventoryEntry,
  type RenewalState,
  readRenewals,
  renewalStates,
  surveyInventory,
} from '../monitors/index.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, pageOfAll, wordsOf } from './presenting.ts'

/** The inventory of certificates. */
export const certificatesRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listCertificates, async ({ query }) => {
    const { issuer, service, monitor, sort, breaks } = query
    const { entries, breaking, issuers } = await surveyInventory(db, {
      words: wordsOf(query.q),
      breaks,
      issuer,
      service,
      monitor,
      sort,
      past: query.past === 'true',
      ...(query.endsBefore !== undefined && { endsBefore: millis(query.endsBefore) }),
    })
    const shown = pageOfAll(entries, query, (entry) => entry, cursorOf)
    const renewals = await renewalStates(
      db,
      shown.items.flatMap(({ servers }) => servers.map(({ monitorId }) => monitorId)),
    )
    const items = shown.items.map((entry) => entryView(entry, renewals))
    return { items, next: shown.next, total: entries.length, breaking, issuers }
  })
  bind(contract.readRenewals, async ({ params }) => {
    if (!(await findMonitor(db, params.id))) throw notFound('monitor', params.id)
    const { renewals, ...rest } = await readRenewals(db, params.id)
    return { ...rest, renewals: renewals.map((renewal) => ({ ...renewal, at: iso(renewal.at) })) }
  })
}

const cursorOf = ({ fingerprint }: InventoryEntry) => fingerprint.replaceAll(':', '').toLowerCase()

function entryView(
  { notBefore, notAfter, firstSeen, servers, ...entry }: InventoryEntry,
  renewals: Map<string, RenewalState>,
): contract.InventoryEntry {
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
      renewal: until === null ? (renewals.get(monitorId) ?? null) : null,
      breaks,
    })),
  }
}
