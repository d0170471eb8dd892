import type { z } from 'zod'
import type * as contract from '../contract/proofs.ts'
import { findTimer } from '../engine/timers.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import type { Reader } from '../store/store.ts'
import {
  type Drill,
  type DrillRun,
  findDrill,
  findRun,
  listDrills,
  listRuns,
  NO_MONITOR,
} from './drill.rows.ts'
import { dueKey } from './due.ts'
import { tally } from './judge-faults.rules.ts'

type DrillView = z.infer<typeof contract.drill>
type RunView = z.infer<typeof contract.drillRun>
interface Page<Item> {
  items: Item[]
  next: string | null
}

/** Drills and how they last went, by id. */
export async function viewDrills(
  db: Reader,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<DrillView>> {
  const drills = await listDrills(db, { after: cursor, limit: limit + 1 })
  const items = await Promise.all(drills.slice(0, limit).map((drill) => drillView(db, drill)))
  return { items, next: drills.length > limit ? items.at(-1)!.id : null }
}

/** One drill; throws `not-found`. */
export async function viewDrill(db: Reader, id: string): Promise<DrillView> {
  const drill = await findDrill(db, id)
  if (!drill) throw notFound('drill', id)
  return drillView(db, drill)
}

/** Runs of a drill with their evidence, the newest first. */
export async function viewRuns(
  db: Reader,
  drillId: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<RunView>> {
  if (!(await findDrill(db, drillId))) throw notFound('drill', drillId)
  const runs = await listRuns(db, drillId, { before: cursor, limit: limit + 1 })
  const items = runs.slice(0, limit).map(runView)
  return { items, next: runs.length > limit ? items.at(-1)!.id : null }
}

/** One run; throws `not-found`. */
export async function viewRun(db: Reader, id: string): Promise<RunView> {
  const run = await findRun(db, id)
  if (!run) throw notFound('run', id)
  return runView(run)
}

async function drillView(db: Reader, drill: Drill): Promise<DrillView> {
  const [last] = await listRuns(db, drill.id, { limit: 1 })
  const timer = await findTimer(db, dueKey(drill.id))
  return {
    id: drill.id,
    name: drill.name,
    kind: drill.kind,
    monitorId: drill.monitorId === NO_MONITOR ? null : drill.monitorId,
    actionId: drill.actionId,
    state: !last ? 'never run' : last.state === 'queued' ? 'running' : last.state,
    reason: last?.summary ?? last?.reason ?? 'It has never been played.',
    since: iso(last ? sinceOf(last) : drill.createdAt),
    everyMs: drill.everyMs,
    nextRunAt: isoOrNull(timer?.dueAt),
    lastRunId: last?.id ?? null,
    managedBy: drill.managedBy,
    settings: drill.settings,
  }
}

/** A run as the API shows it. */
export function runView(run: DrillRun): RunView {
  return {
    id: run.id,
    drillId: run.drillId,
    state: run.state,
    reason: run.summary ?? run.reason,
    since: iso(sinceOf(run)),
    finishedAt: isoOrNull(run.finishedAt),
    trigger: run.cause,
    ...tally(run.evidence?.faults ?? []),
    evidence: { ...run.evidence },
  }
}

const sinceOf = (run: DrillRun) => run.finishedAt ?? run.startedAt ?? run.askedAt
