import type { Millis } from '../kit/clock.ts'
import type { Reader } from '../store/store.ts'
import {
  allCertificates,
  allServers,
  type KnownCertificate,
  lastObservations,
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
  /** Each of these stands somewhere in what is known of it. */
  words?: readonly string[]
  /** Text that the issuer contains. */
  issuer?: string
  /** Clients that break on it or will soon, by name; `*` for any. */
  breaks?: string
  service?: string
  monitor?: string
  /** Ends before this instant. */
  endsBefore?: Millis
  /** Those that nobody serves any more too. */
  past?: boolean
  sort?: 'expiry' | 'issuer' | 'service'
}

/** The inventory under a filter, and by what all of it can be narrowed. */
export interface Inventory {
  entries: InventoryEntry[]
  breaking: Counted[]
  issuers: Counted[]
}
interface Counted {
  name: string
  certificates: number
}

/** Every certificate seen by a monitor, with who serves it. */
export async function readInventory(db: Reader, filter: InventoryFilter = {}): Promise<InventoryEntry[]> {
  return (await surveyInventory(db, filter)).entries
}

/** The same, with the clients that break on anything and the issuers of everything, the most frequent first. */
export async function surveyInventory(db: Reader, filter: InventoryFilter = {}): Promise<Inventory> {
  const { issuer, service, monitor, breaks, endsBefore = null, past = false, sort = 'expiry' } = filter
  const words = (filter.words ?? []).map((word) => word.toLowerCase())
  const certificates = await allCertificates(db)
  const byFingerprint = new Map<string, InventoryEntry['servers']>()
  for (const { clients, ...server } of await allServers(db, past)) {
    const entry = { ...server, breaks: server.until === null ? breakingAmong(clients) : [] }
    const list = byFingerprint.get(server.fingerprint)
    if (list) list.push(entry)
    else byFingerprint.set(server.fingerprint, [entry])
  }
  const wanted = issuer?.toLowerCase()
  const all = certificates
    .map((certificate) => ({ ...certificate, servers: byFingerprint.get(certificate.fingerprint) ?? [] }))
    .filter(({ servers }) => past || servers.length > 0)
  const entries = all
    .filter(({ notAfter }) => endsBefore === null || notAfter < endsBefore)
    .filter(
      (entry) =>
        (words.length === 0 || hasWords(entry, words)) &&
        (breaks === undefined || breakingOn(entry).some((name) => breaks === '*' || name === breaks)) &&
        (wanted === undefined || entry.issuer.toLowerCase().includes(wanted)) &&
        (service === undefined || entry.servers.some(({ serviceId }) => serviceId === service)) &&
        (monitor === undefined || entry.servers.some(({ monitorId }) => monitorId === monitor)),
    )
  // They come by their end; equal ones stay in that order.
  if (sort === 'issuer') entries.sort((a, b) => compare(a.issuer, b.issuer))
  if (sort === 'service')
    entries.sort((a, b) => compare(a.servers[0]?.serviceId ?? '~', b.servers[0]?.serviceId ?? '~'))
  return {
    entries,
    breaking: counted(all.flatMap((entry) => [...new Set(breakingOn(entry))])),
    issuers: counted(all.map((entry) => issuerOf(entry.issuer))),
  }
}

/** How the renewal of what a monitor serves stands. */
export interface RenewalState {
  /** RFC 3339. */
  due: string | null
  reason: string | null
}

/** By monitor; of those that know nothing of a renewal there is none. */
export async function renewalStates(
  db: Reader,
  monitorIds: readonly string[],
): Promise<Map<string, RenewalState>> {
  const states = new Map<string, RenewalState>()
  for (const [id, { reason, values }] of await lastObservations(db, [...new Set(monitorIds)])) {
    const due = typeof values.renewalDue === 'string' ? values.renewalDue : null
    // All that is wrong, where it is more than the one that the monitor gives as its reason.
    const wrong = typeof values.problems === 'string' ? values.problems.split(' ') : [reason]
    const problem = wrong.find((one) => RENEWAL_REASONS.has(one)) ?? null
    if (due !== null || problem !== null) states.set(id, { due, reason: problem })
  }
  return states
}

const RENEWAL_REASONS = new Set([
  'certificate.replacement-demanded',
  'certificate.not-reloaded',
  'certificate.renewal-overdue',
  'certificate.file-outdated',
  'certificate.file-unreadable',
  'certificate.nodes-differ',
])
const MOST_COUNTED = 100

function hasWords(entry: InventoryEntry, words: readonly string[]): boolean {
  const monitors = entry.servers.map(({ monitorId, serviceId, node }) => `${monitorId} ${serviceId} ${node}`)
  const { subject, issuer, names, serial, fingerprint } = entry
  const text = [subject, issuer, serial, fingerprint, ...names, ...monitors].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

const breakingOn = ({ servers }: InventoryEntry): string[] =>
  servers.flatMap(({ breaks }) => breaks.map(({ name }) => name))

/** The organization that issued, or its common name where it has none. */
function issuerOf(issuer: string): string {
  for (const key of ['O', 'CN']) {
    const value = new RegExp(`(?:^|, )${key}=(.+?)(?=, [A-Za-z0-9.]+=|$)`).exec(issuer)?.[1]
    if (value) return value
  }
  return issuer
}

function counted(names: readonly string[]): Counted[] {
  const counts = new Map<string, number>()
  for (const name of names) if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, certificates]) => ({ name, certificates }))
    .sort((a, b) => b.certificates - a.certificates || compare(a.name, b.name))
    .slice(0, MOST_COUNTED)
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
