import { type Insertable, sql } from 'kysely'
import type { HeartbeatLedgerTable, PingsTable } from '../store/schema/monitors.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import { RUNS_COMPARED } from './kinds/heartbeat/duration-trend.rules.ts'
import type { EndedRun } from './kinds/heartbeat/hear-ping.rules.ts'
import type { HeartbeatHistory } from './kinds/heartbeat/judge-heartbeat.rules.ts'

/** A row of the ping log. */
export interface Ping {
  at: number
  action: string
  exitStatus: number | null
  rid: string | null
  method: string
  remote: string
  body: string | null
}

/** A line of the run ledger. */
export interface Run {
  seq: number
  rid: string | null
  startedAt: number | null
  endedAt: number | null
  outcome: HeartbeatLedgerTable['outcome']
  exitStatus: number | null
  durationMs: number | null
  log: string | null
}

export async function insertHeartbeat(db: Db, monitorId: string, waitingSince: number): Promise<void> {
  await db
    .insertInto('heartbeats')
    .values({ monitor_id: monitorId, waiting_since: waitingSince })
    .onConflict((c) => c.column('monitor_id').doNothing())
    .execute()
}

/** From now on the first ping is waited for anew: after a pause, or another schedule. */
export async function restartWaiting(db: Db, monitorId: string, now: number): Promise<void> {
  await db
    .updateTable('heartbeats')
    .set({ waiting_since: now, missed_until: now })
    .where('monitor_id', '=', monitorId)
    .execute()
}

/** What has been heard, by monitor. */
export async function heartbeatHistories(db: Reader, ids: string[]): Promise<Map<string, HeartbeatHistory>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('heartbeats').selectAll().where('monitor_id', 'in', ids).execute()
  const runs = await db
    .selectFrom('heartbeat_ledger')
    .select(['monitor_id', 'seq', 'rid', 'started_at'])
    .where('monitor_id', 'in', ids)
    .where('ended_at', 'is', null)
    .orderBy('seq')
    .execute()
  const histories = new Map<string, HeartbeatHistory>(
    rows.map((row) => [
      row.monitor_id,
      {
        waitingSince: row.waiting_since,
        lastSuccessAt: row.last_success_at,
        lastStartAt: row.last_start_at,
        lastFailAt: row.last_fail_at,
        lastFailExit: row.last_fail_exit,
        lastFailNote: row.last_fail_note,
        missed: row.missed,
        missedUntil: row.missed_until,
        openRuns: [],
      },
    ]),
  )
  for (const { monitor_id, seq, rid, started_at } of runs)
    histories.get(monitor_id)?.openRuns.push({ seq, rid, startedAt: started_at ?? 0 })
  return histories
}

const ROWS_AT_ONCE = 500

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) yield rows.slice(i, i + ROWS_AT_ONCE)
}

/** Writes what was heard of many jobs, in few statements. */
export async function writeHeartbeats(
  db: Db,
  heard: readonly (readonly [string, HeartbeatHistory])[],
  lastPingAt: number,
): Promise<void> {
  for (const part of chunks(heard)) {
    const values = part.map(
      ([id, one]) =>
        sql`(${id}, cast(${one.lastSuccessAt} as bigint), cast(${one.lastStartAt} as bigint), cast(${
          one.lastFailAt
        } as bigint), cast(${one.lastFailExit} as integer), cast(${one.lastFailNote ?? null} as text))`,
    )
    await sql`
      UPDATE heartbeats SET last_success_at = v.column2, last_start_at = v.column3, last_fail_at = v.column4,
        last_fail_exit = v.column5, last_fail_note = v.column6, last_ping_at = cast(${lastPingAt} as bigint)
      FROM (VALUES ${sql.join(values)}) AS v WHERE heartbeats.monitor_id = v.column1`.execute(db)
  }
}

/** Writes runs that ended: those that were open as updates, the others as new rows. */
export async function writeRuns(
  db: Db,
  runs: readonly (EndedRun & { monitorId: string })[],
  begun: readonly { monitorId: string; rid: string; startedAt: number }[],
): Promise<void> {
  const columnsOf = (run: EndedRun) => ({
    ended_at: run.endedAt,
    outcome: run.outcome,
    exit_status: run.exitStatus,
    duration_ms: run.durationMs,
    // PostgreSQL cannot store a zero character in a text.
    log: run.log?.replaceAll('\0', '\uFFFD') ?? null,
  })
  for (const run of runs)
    if (run.seq !== null)
      await db
        .updateTable('heartbeat_ledger')
        .set(columnsOf(run))
        .where('seq', '=', run.seq)
        .where('ended_at', 'is', null)
        .execute()
  const fresh: Insertable<HeartbeatLedgerTable>[] = [
    ...runs
      .filter((run) => run.seq === null)
      .map((run) => ({
        monitor_id: run.monitorId,
        rid: run.rid,
        started_at: run.startedAt,
        ...columnsOf(run),
      })),
    ...begun.map(({ monitorId, rid, startedAt }) => ({
      monitor_id: monitorId,
      rid,
      started_at: startedAt,
      ended_at: null,
      outcome: 'running' as const,
      exit_status: null,
      duration_ms: null,
      log: null,
    })),
  ]
  for (const part of chunks(fresh))
    await db
      .insertInto('heartbeat_ledger')
      .values([...part])
      .execute()
}

/** Scheduled runs that never came: a line each, and counted. */
export async function writeMissed(
  db: Db,
  monitorId: string,
  missed: readonly number[],
  before: number,
): Promise<void> {
  await db
    .updateTable('heartbeats')
    .set({ missed: before + missed.length, missed_until: missed.at(-1)! })
    .where('monitor_id', '=', monitorId)
    .execute()
  const runs = missed.map((at) => ({
    monitorId,
    seq: null,
    rid: '',
    startedAt: null,
    endedAt: at,
    outcome: 'missed' as const,
    exitStatus: null,
    durationMs: null,
    log: null,
  }))
  await writeRuns(db, runs, [])
}

/** What was missed until now is not held against the job: nobody listened. */
export async function forgiveMissed(db: Db, monitorId: string, now: number): Promise<void> {
  await db.updateTable('heartbeats').set({ missed_until: now }).where('monitor_id', '=', monitorId).execute()
}

/** How long the newest successful runs took, newest first. */
export async function runDurations(db: Reader, monitorId: string, limit = RUNS_COMPARED): Promise<number[]> {
  const rows = await db
    .selectFrom('heartbeat_ledger')
    .select('duration_ms')
    .where('monitor_id', '=', monitorId)
    .where('outcome', '=', 'success')
    .where('duration_ms', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.duration_ms ?? 0)
}

/** The run ledger, newest first; after the line `before` and of one outcome where they are given. */
export async function listRuns(
  db: Reader,
  monitorId: string,
  limit: number,
  before?: number,
  outcome?: Run['outcome'],
): Promise<Run[]> {
  let query = db.selectFrom('heartbeat_ledger').selectAll().where('monitor_id', '=', monitorId)
  if (before !== undefined) query = query.where('seq', '<', before)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  const rows = await query.orderBy('seq', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    seq: row.seq,
    rid: row.rid === '' ? null : row.rid,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    exitStatus: row.exit_status,
    durationMs: row.duration_ms,
    log: row.log,
  }))
}

export async function insertPings(db: Db, rows: Insertable<PingsTable>[]): Promise<void> {
  for (const part of chunks(rows))
    await db
      .insertInto('pings')
      .values([...part])
      .execute()
}

/** The newest pings of a heartbeat, newest first. */
export async function newestPings(db: Reader, monitorId: string, limit: number): Promise<Ping[]> {
  const rows = await db
    .selectFrom('pings')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ at, action, exit_status, rid, method, remote, body }) => ({
    at,
    action,
    exitStatus: exit_status,
    rid,
    method,
    remote,
    body,
  }))
}

/** Deletes a piece of the ping log that is older than `before`. */
export async function prunePings(db: Db, before: number): Promise<number> {
  const oldest = await db.selectFrom('pings').select(['seq', 'at']).orderBy('seq').limit(5_000).execute()
  const young = oldest.findIndex((row) => row.at >= before)
  const last = oldest[(young < 0 ? oldest.length : young) - 1]
  if (!last) return 0
  return touched(await db.deleteFrom('pings').where('seq', '<=', last.seq).executeTakeFirst())
}

/** Deletes a piece of the ledger that ended before `before`; open runs stay. */
export async function pruneRuns(db: Db, before: number): Promise<number> {
  const oldest = await db
    .selectFrom('heartbeat_ledger')
    .select(['seq', 'ended_at'])
    .where('ended_at', 'is not', null)
    .orderBy('seq')
    .limit(5_000)
    .execute()
  const young = oldest.findIndex((row) => row.ended_at! >= before)
  const last = oldest[(young < 0 ? oldest.length : young) - 1]
  if (!last) return 0
  return touched(
    await db
      .deleteFrom('heartbeat_ledger')
      .where('seq', '<=', last.seq)
      .where('ended_at', 'is not', null)
      .executeTakeFirst(),
  )
}
