import type { Tx } from '../engine/world.ts'
import { iso } from '../kit/clock.ts'
import type { Reader } from '../store/store.ts'
import type { FaultResult } from './drill.ts'

/** The newest result of one fault against one monitor. */
export interface FaultScore {
  fault: string
  failureClass: string
  result: FaultResult['result']
  reason: string
  summary: string
  runId: string
  at: number
}

export async function saveScore(tx: Tx, monitorId: string, runId: string, seen: FaultResult): Promise<void> {
  const values = {
    failure_class: seen.failureClass,
    result: seen.result,
    reason: seen.reason,
    summary: seen.summary,
    run_id: runId,
    at: tx.now,
  }
  await tx.db
    .insertInto('fault_scores')
    .values({ monitor_id: monitorId, fault: seen.fault, ...values })
    .onConflict((c) => c.columns(['monitor_id', 'fault']).doUpdateSet(values))
    .execute()
}

/** What the drills have shown of one monitor: each fault with its newest result. */
export async function listScores(db: Reader, monitorId: string): Promise<FaultScore[]> {
  const rows = await db
    .selectFrom('fault_scores')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .orderBy('fault')
    .execute()
  return rows.map((row) => ({
    fault: row.fault,
    failureClass: row.failure_class,
    result: row.result,
    reason: row.reason,
    summary: row.summary,
    runId: row.run_id,
    at: row.at,
  }))
}

/** Which faults a monitor would notice today and which not; null before its first drill. */
export interface FaultsCaught {
  drillId: string
  runId: string
  at: string
  caught: string[]
  missed: string[]
}

/** For the monitor's page. Names the newest run that contributed. */
export async function faultsCaughtBy(db: Reader, monitorId: string): Promise<FaultsCaught | null> {
  const scores = await listScores(db, monitorId)
  const newest = scores.reduce<FaultScore | null>(
    (best, one) => (best && best.at >= one.at ? best : one),
    null,
  )
  if (!newest) return null
  const run = await db
    .selectFrom('drill_runs')
    .select('drill_id')
    .where('id', '=', newest.runId)
    .executeTakeFirstOrThrow()
  const named = (result: FaultScore['result']) =>
    scores.filter((one) => one.result === result).map((one) => one.fault)
  return {
    drillId: run.drill_id,
    runId: newest.runId,
    at: iso(newest.at),
    caught: named('caught'),
    missed: named('missed'),
  }
}

/** The blind-spot map: for each monitor and failure class, the faults that were missed when last played. */
export async function blindSpots(
  db: Reader,
): Promise<{ monitorId: string; failureClass: string; faults: string[] }[]> {
  const rows = await db
    .selectFrom('fault_scores')
    .select(['monitor_id', 'failure_class', 'fault'])
    .where('result', '=', 'missed')
    .orderBy('monitor_id')
    .orderBy('failure_class')
    .orderBy('fault')
    .execute()
  const spots = new Map<string, { monitorId: string; failureClass: string; faults: string[] }>()
  for (const row of rows) {
    const key = `${row.monitor_id} ${row.failure_class}`
    const spot = spots.get(key) ?? { monitorId: row.monitor_id, failureClass: row.failure_class, faults: [] }
    spot.faults.push(row.fault)
    spots.set(key, spot)
  }
  return [...spots.values()]
}

/** Every score, by monitor and by fault. */
export async function allScores(db: Reader): Promise<Map<string, Map<string, FaultScore>>> {
  const rows = await db
    .selectFrom('fault_scores')
    .selectAll()
    .orderBy('monitor_id')
    .orderBy('fault')
    .execute()
  const scores = new Map<string, Map<string, FaultScore>>()
  for (const row of rows) {
    const own = scores.get(row.monitor_id) ?? new Map<string, FaultScore>()
    own.set(row.fault, {
      fault: row.fault,
      failureClass: row.failure_class,
      result: row.result,
      reason: row.reason,
      summary: row.summary,
      runId: row.run_id,
      at: row.at,
    })
    scores.set(row.monitor_id, own)
  }
  return scores
}
