import { type Selectable, sql } from 'kysely'
import type { MonitorStatesTable } from '../store/schema/monitors.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { MonitorState } from './monitor.ts'
import type { CertificateFacts, Observation, Verdict } from './observation.ts'

/** A stored state. */
export function readState(row: Selectable<MonitorStatesTable>): MonitorState {
  return {
    verdict: row.verdict as Verdict,
    reason: row.reason,
    summary: row.summary,
    since: row.since,
    candidate:
      row.candidate_verdict === null
        ? null
        : {
            verdict: row.candidate_verdict as Verdict,
            reason: row.candidate_reason ?? '',
            count: row.candidate_count,
            since: row.candidate_since ?? row.since,
          },
    maintenance: row.in_maintenance === 1,
    version: row.version,
  }
}

function columnsOf(state: MonitorState) {
  return {
    verdict: state.verdict,
    reason: state.reason,
    summary: state.summary,
    since: state.since,
    candidate_verdict: state.candidate?.verdict ?? null,
    candidate_reason: state.candidate?.reason ?? null,
    candidate_count: state.candidate?.count ?? 0,
    candidate_since: state.candidate?.since ?? null,
    in_maintenance: state.maintenance ? 1 : 0,
    version: state.version,
  }
}

export async function findState(db: Reader, monitorId: string): Promise<MonitorState | null> {
  const row = await db
    .selectFrom('monitor_states')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .executeTakeFirst()
  return row ? readState(row) : null
}

/** States by monitor. */
export async function allStates(db: Reader, ids?: string[]): Promise<Map<string, MonitorState>> {
  let query = db.selectFrom('monitor_states').selectAll()
  if (ids) query = query.where('monitor_id', 'in', ids)
  return new Map((await query.execute()).map((row) => [row.monitor_id, readState(row)]))
}

export async function insertState(db: Db, monitorId: string, state: MonitorState): Promise<void> {
  const values = { monitor_id: monitorId, ...columnsOf(state) }
  await db
    .insertInto('monitor_states')
    .values(values)
    .onConflict((c) => c.column('monitor_id').doNothing())
    .execute()
}

/** Replaces the version before; false when somebody was faster. */
export async function updateState(db: Db, monitorId: string, state: MonitorState): Promise<boolean> {
  const result = await db
    .updateTable('monitor_states')
    .set(columnsOf(state))
    .where('monitor_id', '=', monitorId)
    .where('version', '=', state.version - 1)
    .executeTakeFirst()
  return touched(result) > 0
}

/** What a check leaves behind although it changed no verdict. */
export interface CheckTrace {
  monitorId: string
  /** The state that the check was judged against: if it has moved on, the trace is not written. */
  version: number
  at: number
  nextAt: number | null
  observation: Observation
}

/** Writes the newest check of one monitor, with its certificate where there is one. */
export async function writeTrace(db: Db, trace: Omit<CheckTrace, 'version'>): Promise<void> {
  const { certificate, memory, served, picture, ...last } = trace.observation
  await db
    .updateTable('monitor_states')
    .set({
      checked_at: trace.at,
      next_at: trace.nextAt,
      took_ms: last.tookMs,
      last: JSON.stringify(last),
      ...(certificate && certificateColumns(certificate)),
    })
    .where('monitor_id', '=', trace.monitorId)
    .execute()
}

const certificateColumns = (certificate: CertificateFacts) => ({
  certificate: JSON.stringify(certificate),
  fingerprint: stampOf(certificate),
})

/** What changes when a certificate must be written again: itself, or what clients make of it. */
export function stampOf({ stamp, fingerprint }: CertificateFacts): string {
  return stamp ?? fingerprint
}

const ROWS_AT_ONCE = 500

/** Writes many traces in few statements; answers the monitors whose state had moved on. */
export async function writeTraces(db: Db, traces: CheckTrace[]): Promise<string[]> {
  const stale: string[] = []
  for (let i = 0; i < traces.length; i += ROWS_AT_ONCE) {
    const part = traces.slice(i, i + ROWS_AT_ONCE)
    const values = part.map(({ monitorId, version, at, nextAt, observation }) => {
      const { certificate, memory, served, picture, ...last } = observation
      return sql`(${monitorId}, cast(${version} as integer), cast(${at} as bigint), cast(${nextAt} as bigint), cast(${
        last.tookMs
      } as bigint), cast(${JSON.stringify(last)} as text))`
    })
    // "column1" and so on is what both databases call the columns of VALUES. Without "+ 0" SQLite would look the
    // values up by version for every row of the table, instead of the row by its key for every value.
    const written = await sql<{ monitor_id: string }>`
      UPDATE monitor_states SET checked_at = v.column3, next_at = v.column4, took_ms = v.column5, last = v.column6
      FROM (VALUES ${sql.join(values)}) AS v
      WHERE monitor_states.monitor_id = v.column1 AND monitor_states.version = v.column2 + 0
      RETURNING monitor_states.monitor_id`.execute(db)
    if (written.rows.length === part.length) continue
    const done = new Set(written.rows.map((row) => row.monitor_id))
    stale.push(...part.filter((trace) => !done.has(trace.monitorId)).map((trace) => trace.monitorId))
  }
  return stale
}

/** The stamp of the certificate that each monitor has stored. */
export async function knownFingerprints(db: Reader): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('monitor_states')
    .select(['monitor_id', 'fingerprint'])
    .where('fingerprint', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [row.monitor_id, row.fingerprint ?? '']))
}

/** Stores a certificate that was not served before. */
export async function writeCertificate(
  db: Db,
  monitorId: string,
  certificate: CertificateFacts,
): Promise<void> {
  await db
    .updateTable('monitor_states')
    .set(certificateColumns(certificate))
    .where('monitor_id', '=', monitorId)
    .execute()
}
