import type { Insertable, Kysely } from 'kysely'
import type { ObservationsTable, RollupsTable } from '../store/schema/monitors.ts'
import type { Schema } from '../store/schema.ts'
import { touched } from '../store/store.ts'
import type { Bucket, Buckets, Resolution, Sighting, Tail } from './rollup.rules.ts'

type History = Kysely<Schema>
const ROWS_AT_ONCE = 1_000

/** Appends rows in order. */
export async function insertObservations(db: History, rows: Insertable<ObservationsTable>[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
    await db
      .insertInto('observations')
      .values(rows.slice(i, i + ROWS_AT_ONCE))
      .execute()
}

/** Where the roll-up stands. */
export async function readCursor(db: History): Promise<number> {
  const row = await db.selectFrom('rollup_cursor').select('seq').where('id', '=', 1).executeTakeFirstOrThrow()
  return row.seq
}

/** Observations after a place, seen until an instant, in order of arrival. */
export async function observationsAfter(
  db: History,
  seq: number,
  until: number,
  limit: number,
): Promise<(Sighting & { seq: number })[]> {
  const rows = await observations(db).where('seq', '>', seq).orderBy('seq').limit(limit).execute()
  const later = rows.findIndex((row) => row.at > until)
  return rows.slice(0, later < 0 ? rows.length : later).map(toSighting)
}

/** What one monitor reported after a place, in order of arrival. */
export async function observationsOf(db: History, monitorId: string, seq: number): Promise<Sighting[]> {
  const rows = await observations(db)
    .where('seq', '>', seq)
    .where('monitor_id', '=', monitorId)
    .orderBy('seq')
    .execute()
  return rows.map(toSighting)
}

function observations(db: History) {
  return db
    .selectFrom('observations')
    .select(['seq', 'at', 'monitor_id', 'state', 'maintenance', 'holds_ms', 'took_ms'])
}

function toSighting(
  row: Awaited<ReturnType<ReturnType<typeof observations>['execute']>>[number],
): Sighting & { seq: number } {
  return {
    seq: row.seq,
    monitorId: row.monitor_id,
    at: row.at,
    state: row.state,
    maintenance: row.maintenance === 1,
    holds: row.holds_ms,
    tookMs: row.took_ms,
  }
}

export async function readTails(db: History, ids: string[]): Promise<Map<string, Tail>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('rollup_tails').selectAll().where('monitor_id', 'in', ids).execute()
  return new Map(
    rows.map((row) => [
      row.monitor_id,
      {
        firstAt: row.first_at,
        at: row.at,
        state: row.state,
        maintenance: row.maintenance === 1,
        holds: row.holds_ms,
      },
    ]),
  )
}

/** Adds buckets, moves tails and the cursor in one transaction; false when another replica was faster. */
export function writeRollup(
  db: History,
  from: number,
  to: number,
  buckets: Buckets,
  tails: Map<string, Tail>,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const moved = await tx
      .updateTable('rollup_cursor')
      .set({ seq: to })
      .where('id', '=', 1)
      .where('seq', '=', from)
      .executeTakeFirst()
    if (touched(moved) === 0) return false
    const rows = [...buckets.entries.values()].map(
      ({ resolution, monitorId, at, bucket }): RollupsTable => ({
        resolution,
        monitor_id: monitorId,
        at,
        up_ms: bucket.upMs,
        degraded_ms: bucket.degradedMs,
        down_ms: bucket.downMs,
        maintenance_ms: bucket.maintenanceMs,
        checks: bucket.checks,
        took_sum: bucket.tookSum,
        took_max: bucket.tookMax,
      }),
    )
    for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
      await tx
        .insertInto('rollups')
        .values(rows.slice(i, i + ROWS_AT_ONCE))
        .onConflict((c) =>
          c.columns(['resolution', 'monitor_id', 'at']).doUpdateSet((eb) => ({
            up_ms: eb('rollups.up_ms', '+', eb.ref('excluded.up_ms')),
            degraded_ms: eb('rollups.degraded_ms', '+', eb.ref('excluded.degraded_ms')),
            down_ms: eb('rollups.down_ms', '+', eb.ref('excluded.down_ms')),
            maintenance_ms: eb('rollups.maintenance_ms', '+', eb.ref('excluded.maintenance_ms')),
            checks: eb('rollups.checks', '+', eb.ref('excluded.checks')),
            took_sum: eb('rollups.took_sum', '+', eb.ref('excluded.took_sum')),
            took_max: eb
              .case()
              .when('rollups.took_max', '>', eb.ref('excluded.took_max'))
              .then(eb.ref('rollups.took_max'))
              .else(eb.ref('excluded.took_max'))
              .end(),
          })),
        )
        .execute()
    const ends = [...tails].map(([monitorId, tail]) => ({
      monitor_id: monitorId,
      first_at: tail.firstAt,
      at: tail.at,
      state: tail.state,
      maintenance: tail.maintenance ? 1 : 0,
      holds_ms: tail.holds,
    }))
    for (let i = 0; i < ends.length; i += ROWS_AT_ONCE)
      await tx
        .insertInto('rollup_tails')
        .values(ends.slice(i, i + ROWS_AT_ONCE))
        .onConflict((c) =>
          c.column('monitor_id').doUpdateSet((eb) => ({
            at: eb.ref('excluded.at'),
            state: eb.ref('excluded.state'),
            maintenance: eb.ref('excluded.maintenance'),
            holds_ms: eb.ref('excluded.holds_ms'),
          })),
        )
        .execute()
    return true
  })
}

/** The buckets of one monitor from one instant to another, oldest first. */
export async function readRollups(
  db: History,
  monitorId: string,
  resolution: Resolution,
  from: number,
  to: number,
): Promise<Map<number, Bucket>> {
  const rows = await db
    .selectFrom('rollups')
    .selectAll()
    .where('resolution', '=', resolution)
    .where('monitor_id', '=', monitorId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at')
    .execute()
  return new Map(
    rows.map((row) => [
      row.at,
      {
        upMs: row.up_ms,
        degradedMs: row.degraded_ms,
        downMs: row.down_ms,
        maintenanceMs: row.maintenance_ms,
        checks: row.checks,
        tookSum: row.took_sum,
        tookMax: row.took_max,
      },
    ]),
  )
}

/** Deletes the oldest observations that are older than `before` and rolled up, one piece at a time. */
export async function pruneObservations(db: History, before: number, cursor: number): Promise<number> {
  const oldest = await db
    .selectFrom('observations')
    .select(['seq', 'at'])
    .orderBy('seq')
    .limit(5_000)
    .execute()
  const young = oldest.findIndex((row) => row.at >= before || row.seq > cursor)
  const last = oldest[(young < 0 ? oldest.length : young) - 1]
  if (!last) return 0
  return touched(await db.deleteFrom('observations').where('seq', '<=', last.seq).executeTakeFirst())
}

/** Deletes buckets of one resolution that are older than `before`. */
export async function pruneRollups(db: History, resolution: Resolution, before: number): Promise<number> {
  const result = await db
    .deleteFrom('rollups')
    .where('resolution', '=', resolution)
    .where('at', '<', before)
    .executeTakeFirst()
  return touched(result)
}

/** What was seen of one monitor from one instant to another, in order of time. */
export async function readRecorded(
  db: History,
  monitorId: string,
  from: number,
  to: number,
): Promise<{ at: number; verdict: string; reason: string }[]> {
  const rows = await db
    .selectFrom('observations')
    .select(['at', 'verdict', 'reason'])
    .where('monitor_id', '=', monitorId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('seq')
    .execute()
  return rows.toSorted((a, b) => a.at - b.at)
}
