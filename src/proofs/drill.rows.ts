import type { Tx } from '../engine/world.ts'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { DrillRunsTable, DrillsTable } from '../store/schema/proofs.ts'
import { type Reader, touched } from '../store/store.ts'
import type { DrillConfig } from './config.ts'
import type { Cause, Conclusion, Evidence, Outcome } from './drill.ts'

/** Stands for the monitor of a drill that is about none. */
export const NO_MONITOR = ''

/** A drill as it stands. */
export interface Drill {
  id: string
  name: string
  kind: string
  monitorId: string
  actionId: string | null
  settings: DrillConfig
  everyMs: number | null
  managedBy: 'file' | 'api'
  createdAt: number
}

/** One run of a drill, from the asking to its outcome. */
export interface DrillRun {
  id: string
  drillId: string
  monitorId: string
  actionId: string | null
  state: 'queued' | 'running' | Outcome
  reason: string
  cause: Cause
  askedBy: string
  askedAt: number
  startedAt: number | null
  finishedAt: number | null
  summary: string | null
  evidence: Evidence | null
}

function readDrill(row: DrillsTable): Drill {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    monitorId: row.monitor_id,
    actionId: row.action_id,
    settings: parseJson(row.settings),
    everyMs: row.every_ms,
    managedBy: row.managed_by,
    createdAt: row.created_at,
  }
}

function readRun(row: DrillRunsTable): DrillRun {
  return {
    id: row.id,
    drillId: row.drill_id,
    monitorId: row.monitor_id,
    actionId: row.action_id,
    state: row.state,
    reason: row.reason,
    cause: row.cause as Cause,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    summary: row.summary,
    evidence: row.evidence === null ? null : parseJson<Evidence>(row.evidence),
  }
}

/** A drill that is not retired, or null. */
export async function findDrill(db: Reader, id: string): Promise<Drill | null> {
  const row = await db
    .selectFrom('drills')
    .selectAll()
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return row ? readDrill(row) : null
}

/** Drills after the cursor, by id; of one monitor or one action where asked. */
export async function listDrills(
  db: Reader,
  filter: { monitorId?: string; actionId?: string; kind?: string; after?: string; limit?: number } = {},
): Promise<Drill[]> {
  const rows = await db
    .selectFrom('drills')
    .selectAll()
    .where('retired_at', 'is', null)
    .$if(filter.monitorId !== undefined, (query) => query.where('monitor_id', '=', filter.monitorId!))
    .$if(filter.kind !== undefined, (query) => query.where('kind', '=', filter.kind!))
    .$if(filter.actionId !== undefined, (query) => query.where('action_id', '=', filter.actionId!))
    .$if(filter.after !== undefined, (query) => query.where('id', '>', filter.after!))
    .orderBy('id')
    .limit(filter.limit ?? 1_000)
    .execute()
  return rows.map(readDrill)
}

/** Inserts a drill; false where the id is taken by one that is not retired. */
export async function insertDrill(tx: Tx, drill: Omit<Drill, 'createdAt'>): Promise<boolean> {
  const values = {
    name: drill.name,
    kind: drill.kind,
    monitor_id: drill.monitorId,
    action_id: drill.actionId,
    settings: canonicalJson(drill.settings),
    every_ms: drill.everyMs,
    managed_by: drill.managedBy,
    updated_at: tx.now,
    retired_at: null,
  }
  const result = await tx.db
    .insertInto('drills')
    .values({ id: drill.id, created_at: tx.now, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values).where('drills.retired_at', 'is not', null))
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Writes what may change of a drill. */
export async function updateDrill(tx: Tx, drill: Omit<Drill, 'createdAt'>): Promise<void> {
  await tx.db
    .updateTable('drills')
    .set({
      name: drill.name,
      kind: drill.kind,
      monitor_id: drill.monitorId,
      action_id: drill.actionId,
      settings: canonicalJson(drill.settings),
      every_ms: drill.everyMs,
      managed_by: drill.managedBy,
      updated_at: tx.now,
    })
    .where('id', '=', drill.id)
    .where('retired_at', 'is', null)
    .execute()
}

export async function setDrillAction(tx: Tx, id: string, actionId: string): Promise<void> {
  await tx.db
    .updateTable('drills')
    .set({ action_id: actionId, updated_at: tx.now })
    .where('id', '=', id)
    .execute()
}

/** Retires a drill: its runs stay, as evidence. */
export async function retireDrillRow(tx: Tx, id: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('drills')
    .set({ retired_at: tx.now, updated_at: tx.now })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

export async function insertRun(
  tx: Tx,
  run: { id: string; drill: Drill; cause: Cause; askedBy: string },
): Promise<void> {
  await tx.db
    .insertInto('drill_runs')
    .values({
      id: run.id,
      drill_id: run.drill.id,
      monitor_id: run.drill.monitorId,
      action_id: run.drill.actionId,
      state: 'queued',
      cause: run.cause,
      reason: run.cause,
      asked_by: run.askedBy,
      asked_at: tx.now,
      started_at: null,
      finished_at: null,
      summary: null,
      evidence: null,
    })
    .execute()
}

export async function findRun(db: Reader, id: string): Promise<DrillRun | null> {
  const row = await db.selectFrom('drill_runs').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readRun(row) : null
}

/** The run of this drill that waits to begin, if one does. */
export async function findQueuedRun(db: Reader, drillId: string): Promise<DrillRun | null> {
  const row = await db
    .selectFrom('drill_runs')
    .selectAll()
    .where('drill_id', '=', drillId)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return row ? readRun(row) : null
}

/** Runs of one drill, the newest first: ids sort by time. */
export async function listRuns(
  db: Reader,
  drillId: string,
  { before, limit = 100 }: { before?: string; limit?: number } = {},
): Promise<DrillRun[]> {
  const rows = await db
    .selectFrom('drill_runs')
    .selectAll()
    .where('drill_id', '=', drillId)
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(readRun)
}

/** Queued (or running in a process that died) to running. */
export async function beginRun(tx: Tx, id: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('drill_runs')
    .set({ state: 'running', started_at: tx.now })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst()
  return touched(result) > 0
}

/** Ends a run; false where it has ended before. */
export async function endRun(tx: Tx, id: string, conclusion: Conclusion): Promise<boolean> {
  const result = await tx.db
    .updateTable('drill_runs')
    .set({
      state: conclusion.outcome,
      reason: conclusion.reason,
      summary: conclusion.summary,
      evidence: canonicalJson(conclusion.evidence),
      finished_at: tx.now,
    })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst()
  return touched(result) > 0
}

/** The newest ended run of every drill that asks who is paged, by monitor. */
export async function newestPagingRuns(
  db: Reader,
  kinds: readonly string[],
): Promise<Map<string, { drillId: string; state: Outcome; summary: string; at: number }>> {
  const rows = await db
    .selectFrom('drill_runs')
    .innerJoin('drills', 'drills.id', 'drill_runs.drill_id')
    .select(['drill_runs.monitor_id', 'drill_runs.drill_id', 'drill_runs.state', 'drill_runs.summary'])
    .select('drill_runs.finished_at')
    .where('drills.kind', 'in', [...kinds])
    .where('drills.retired_at', 'is', null)
    .where('drill_runs.state', 'in', ['passed', 'failed'])
    .where((eb) =>
      eb(
        'drill_runs.id',
        '=',
        eb
          .selectFrom('drill_runs as newer')
          .select((inner) => inner.fn.max('newer.id').as('id'))
          .whereRef('newer.drill_id', '=', 'drill_runs.drill_id')
          .where('newer.state', 'in', ['passed', 'failed']),
      ),
    )
    .orderBy('drill_runs.id')
    .execute()
  return new Map(
    rows.map((row) => [
      row.monitor_id,
      {
        drillId: row.drill_id,
        state: row.state as Outcome,
        summary: row.summary ?? '',
        at: row.finished_at ?? 0,
      },
    ]),
  )
}
