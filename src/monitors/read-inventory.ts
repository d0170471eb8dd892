import type { Millis } from '../kit/clock.ts'
import type { Reader } from '../store/store.ts'
import {
  allCertificates,
  allServers,
  type KnownCertificate,
  type Server,
  servingsOf,
} from './certificates.rows.ts'
import { type RenewalHistory, renewalHistory } from './renewals.rules.ts'
import type { ClientVerdict } from './trust/client.ts'

/** A population of clients that breaks on a certificate, or will soon. */
export type BreakingClient = Pick<ClientVerdict, 'name' | 'verdict' | 'reason' | 'lastDay' | 'summary'>

export interface InventoryEntry extends KnownCertificate {
  servers: (Omit<Server, 'clients'> & { breaks: BreakingClient[] })[]
}

export interface InventoryFilter {
  /** Text that the issuer contains. */
  issuer?: string
  service?: string
  monitor?: string
  /** Ends before this instant. */
  endsBefore?: Millis
  /** Those that nobody serves any more too. */
  past?: boolean
  sort?: 'expiry' | 'issuer' | 'service'
}

/** Every certificate seen by a monitor, with who serves it. */
export async function readInventory(db: Reader, filter: InventoryFilter = {}): Promise<InventoryEntry[]> {
  const { issuer, service, monitor, endsBefore = null, past = false, sort = 'expiry' } = filter
  const certificates = await allCertificates(db, endsBefore)
  const byFingerprint = new Map<string, InventoryEntry['servers']>()
  for (const { clients, ...server } of await allServers(db, past)) {
    const entry = { ...server, breaks: server.until === null ? breakingAmong(clients) : [] }
    const list = byFingerprint.get(server.fingerprint)
    if (list) list.push(entry)
    else byFingerprint.set(server.fingerprint, [entry])
  }
  const wanted = issuer?.toLowerCase()
  const entries = certificates
    .map((certificate) => ({ ...certificate, servers: byFingerprint.get(certificate.fingerprint) ?? [] }))
    .filter(
      (entry) =>
        (past || entry.servers.length > 0) &&
        (wanted === undefined || entry.issuer.toLowerCase().includes(wanted)) &&
        (service === undefined || entry.servers.some(({ serviceId }) => serviceId === service)) &&
        (monitor === undefined || entry.servers.some(({ monitorId }) => monitorId === monitor)),
    )
  // They come by their end; equal ones stay in that order.
  if (sort === 'issuer') entries.sort((a, b) => compare(a.issuer, b.issuer))
  if (sort === 'service')
    entries.sort((a, b) => compare(a.servers[0]?.serviceId ?? '~', b.servers[0]?.serviceId ?? '~'))
  return entries
}

/** What a monitor has served, and when it was renewed. */
export async function readRenewals(db: Reader, monitorId: string): Promise<RenewalHistory> {
  return renewalHistory(await servingsOf(db, monitorId))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const breakingAmong = (clients: ClientVerdict[]): BreakingClient[] =>
  clients
    .filter(({ verdict }) => verdict !== 'up')
    .map(({ name, verdict, reason, lastDay, summary }) => ({ name, verdict, reason, lastDay, summary }))
