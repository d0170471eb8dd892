import type { Millis } from '../kit/clock.ts'
import type { Db, Reader } from '../store/store.ts'
import type { CertificateFacts, Observation } from './observation.ts'
import type { ClientVerdict } from './trust/client.ts'

/** What a check saw being served at one place. */
export interface SeenCertificate {
  /** The address, where several are looked at; empty otherwise. */
  node: string
  address: string | null
  certificate: CertificateFacts
}

/** A certificate served at one place, now or once. */
export interface Serving {
  monitorId: string
  node: string
  fingerprint: string
  address: string | null
  since: Millis
  until: Millis | null
  notBefore: Millis
  notAfter: Millis
}

const ROWS_AT_ONCE = 500

function* parts<T>(all: readonly T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += ROWS_AT_ONCE) yield all.slice(i, i + ROWS_AT_ONCE)
}

/** What these monitors serve now, as far as the inventory knows. */
export async function openServings(
  db: Reader,
  monitorIds: readonly string[],
): Promise<{ monitorId: string; node: string; fingerprint: string }[]> {
  const found: { monitorId: string; node: string; fingerprint: string }[] = []
  for (const ids of parts(monitorIds)) {
    const rows = await db
      .selectFrom('certificate_servings')
      .select(['monitor_id', 'node', 'fingerprint'])
      .where('monitor_id', 'in', ids)
      .where('until_at', 'is', null)
      .execute()
    for (const row of rows)
      found.push({ monitorId: row.monitor_id, node: row.node, fingerprint: row.fingerprint })
  }
  return found
}

/** Notes a certificate that was not known, and that it is served here from now on. */
export async function beginServing(
  db: Db,
  monitorId: string,
  { node, address, certificate }: SeenCertificate,
  at: Millis,
): Promise<void> {
  await db
    .insertInto('certificates')
    .values({
      fingerprint: certificate.fingerprint,
      subject: certificate.subject,
      issuer: certificate.issuer,
      names: JSON.stringify(certificate.names),
      serial: certificate.serial,
      not_before: Date.parse(certificate.notBefore),
      not_after: Date.parse(certificate.notAfter),
      self_signed: certificate.selfSigned ? 1 : 0,
      first_seen_at: at,
    })
    .onConflict((c) => c.column('fingerprint').doNothing())
    .execute()
  await db
    .insertInto('certificate_servings')
    .values({
      monitor_id: monitorId,
      node,
      fingerprint: certificate.fingerprint,
      address,
      since_at: at,
      until_at: null,
    })
    // One that comes back, as behind a balancer, was served all along.
    .onConflict((c) => c.columns(['monitor_id', 'node', 'fingerprint']).doUpdateSet({ until_at: null }))
    .execute()
}

/** Notes that a certificate is not served there any more. */
export async function endServing(
  db: Db,
  monitorId: string,
  node: string,
  fingerprint: string,
  at: Millis,
): Promise<void> {
  await db
    .updateTable('certificate_servings')
    .set({ until_at: at })
    .where('monitor_id', '=', monitorId)
    .where('node', '=', node)
    .where('fingerprint', '=', fingerprint)
    .where('until_at', 'is', null)
    .execute()
}

/** All that a monitor has ever been seen to serve, the oldest first. */
export async function servingsOf(db: Reader, monitorId: string): Promise<Serving[]> {
  const rows = await db
    .selectFrom('certificate_servings as s')
    .innerJoin('certificates as c', 'c.fingerprint', 's.fingerprint')
    .select([
      's.monitor_id as monitorId',
      's.node',
      's.fingerprint',
      's.address',
      's.since_at as since',
      's.until_at as until',
      'c.not_before as notBefore',
      'c.not_after as notAfter',
    ])
    .where('s.monitor_id', '=', monitorId)
    .orderBy('s.since_at')
    .orderBy('c.not_before')
    .execute()
  return rows
}

/** A certificate of the inventory. */
export interface KnownCertificate {
  fingerprint: string
  subject: string
  issuer: string
  names: string[]
  serial: string
  notBefore: Millis
  notAfter: Millis
  selfSigned: boolean
  firstSeen: Millis
}

/** Who serves a certificate. */
export interface Server {
  fingerprint: string
  monitorId: string
  serviceId: string
  node: string
  address: string | null
  since: Millis
  until: Millis | null
  checkedAt: Millis | null
  /** What the populations of clients make of it, where it breaks any of them, or will. */
  clients: ClientVerdict[]
}

/** All certificates of the inventory, the first to end first. */
export async function allCertificates(db: Reader): Promise<KnownCertificate[]> {
  const rows = await db
    .selectFrom('certificates')
    .selectAll()
    .orderBy('not_after')
    .orderBy('fingerprint')
    .execute()
  return rows.map((row) => ({
    fingerprint: row.fingerprint,
    subject: row.subject,
    issuer: row.issuer,
    names: JSON.parse(row.names) as string[],
    serial: row.serial,
    notBefore: row.not_before,
    notAfter: row.not_after,
    selfSigned: row.self_signed === 1,
    firstSeen: row.first_seen_at,
  }))
}

/** Who serves which certificate now; those that monitors have served once too, where `past` says so. */
export async function allServers(db: Reader, past: boolean): Promise<Server[]> {
  let query = db
    .selectFrom('certificate_servings as s')
    // What no monitor watches any more is not known to be served.
    .innerJoin('monitors as m', 'm.id', 's.monitor_id')
    .innerJoin('monitor_states as t', 't.monitor_id', 's.monitor_id')
    .select([
      's.fingerprint',
      's.monitor_id as monitorId',
      'm.service_id as serviceId',
      's.node',
      's.address',
      's.since_at as since',
      's.until_at as until',
      't.checked_at as checkedAt',
      // Most break nobody: with thousands of monitors only those that do are read.
      (e) =>
        e
          .case()
          .when('t.certificate', 'like', '%"verdict":"d%')
          .then(e.ref('t.certificate'))
          .else(null)
          .end()
          .as('certificate'),
    ])
  if (!past) query = query.where('s.until_at', 'is', null)
  const rows = await query.orderBy('s.monitor_id').orderBy('s.node').orderBy('s.since_at').execute()
  return rows.map(({ certificate, ...row }) => ({ ...row, clients: clientsOf(certificate, row.fingerprint) }))
}

/** What the newest check of these monitors said, by monitor. */
export async function lastObservations(
  db: Reader,
  monitorIds: readonly string[],
): Promise<Map<string, Pick<Observation, 'reason' | 'values'>>> {
  const found = new Map<string, Pick<Observation, 'reason' | 'values'>>()
  for (const ids of parts(monitorIds)) {
    const rows = await db
      .selectFrom('monitor_states')
      .select(['monitor_id', 'last'])
      .where('monitor_id', 'in', ids)
      .execute()
    for (const { monitor_id: id, last } of rows) if (last !== null) found.set(id, JSON.parse(last))
  }
  return found
}

/** The monitor has stored one certificate; of others that it sees at several addresses nothing is known. */
function clientsOf(stored: string | null, fingerprint: string): ClientVerdict[] {
  if (stored === null || !stored.includes(fingerprint)) return []
  const facts = JSON.parse(stored) as CertificateFacts
  return facts.fingerprint === fingerprint ? (facts.clients ?? []) : []
}
