import type { Insertable } from 'kysely'
import type { PingsTable } from '../store/schema/monitors.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
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

export async function insertHeartbeat(db: Db, monitorId: string, waitingSince: number): Promise<void> {
  await db
    .insertInto('heartbeats')
    .values({ monitor_id: monitorId, waiting_since: waitingSince })
    .onConflict((c) => c.column('monitor_id').doNothing())
    .execute()
}

/** From now on the first ping is waited for anew: after a pause, or another schedule. */
export async function restartWaiting(db: Db, monitorId: string, now: number): Promise<void> {
  await db.updateTable('heartbeats').set({ waiting_since: now }).where('monitor_id', '=', monitorId).execute()
}

/** What has been heard, by monitor. */
export async function heartbeatHistories(db: Reader, ids: string[]): Promise<Map<string, HeartbeatHistory>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('heartbeats').selectAll().where('monitor_id', 'in', ids).execute()
  const runs = await db
    .selectFrom('heartbeat_runs')
    .selectAll()
    .where('monitor_id', 'in', ids)
    .orderBy('started_at')
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
        openRuns: [],
      },
    ]),
  )
  for (const run of runs)
    histories.get(run.monitor_id)?.openRuns.push({ rid: run.rid, startedAt: run.started_at })
  return histories
}

/** Writes what was heard, and the open runs in place of those before. */
export async function writeHeartbeat(
  db: Db,
  monitorId: string,
  heard: HeartbeatHistory,
  lastPingAt: number,
  runsChanged: boolean,
): Promise<void> {
  await db
    .updateTable('heartbeats')
    .set({
      last_success_at: heard.lastSuccessAt,
      last_start_at: heard.lastStartAt,
      last_fail_at: heard.lastFailAt,
      last_fail_exit: heard.lastFailExit,
      last_ping_at: lastPingAt,
    })
    .where('monitor_id', '=', monitorId)
    .execute()
  if (!runsChanged) return
  await db.deleteFrom('heartbeat_runs').where('monitor_id', '=', monitorId).execute()
  if (heard.openRuns.length === 0) return
  await db
    .insertInto('heartbeat_runs')
    .values(
      heard.openRuns.map(({ rid, startedAt }) => ({ monitor_id: monitorId, rid, started_at: startedAt })),
    )
    .execute()
}

const ROWS_AT_ONCE = 500

export async function insertPings(db: Db, rows: Insertable<PingsTable>[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
    await db
      .insertInto('pings')
      .values(rows.slice(i, i + ROWS_AT_ONCE))
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
