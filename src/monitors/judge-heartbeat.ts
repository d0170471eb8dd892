import { cancelTimer, findTimer, setTimers, type TimerHandler } from '../engine/timers.ts'
import type { Tx, World } from '../engine/world.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { forgiveMissed, heartbeatHistories, runDurations, writeMissed } from './heartbeats.rows.ts'
import { usualDuration } from './kinds/heartbeat/duration-trend.rules.ts'
import type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
import { type HeartbeatHistory, judgeHeartbeat, nextDue } from './kinds/heartbeat/judge-heartbeat.rules.ts'
import { firstRunAfter, runsMissed } from './kinds/heartbeat/run-times.rules.ts'
import type { Monitor } from './monitor.ts'
import { allMonitors, findDefinition } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import type { HistoryEntry } from './record-history.ts'
import { recordHistory } from './record-history.ts'
import { recordObservationIn } from './record-observation.ts'
import { allStates, type CheckTrace, writeTraces } from './states.rows.ts'
import { withWhatItRenews } from './tell-renewal.ts'
import { changesState, ONCE, takeObservation } from './verdict.rules.ts'

export const HEARTBEAT_TIMER = 'monitors.heartbeat'

const timerKey = (monitorId: string) => `monitors.heartbeat:${monitorId}`

// Silence is judged too: each judgement speaks until the next, which comes at least this often.
const JUDGED_EVERY = HOUR
const SLACK = MINUTE
// A job of every minute that is silent for a week is not counted to the last run at once.
const MISSED_AT_ONCE = 200

/** Judges one heartbeat by what is known of it, and sets the timer for the next instant that may change it. */
export async function judgeHeartbeatIn(tx: Tx, world: World, monitor: Monitor): Promise<HistoryEntry | null> {
  const heard = (await heartbeatHistories(tx.db, [monitor.id])).get(monitor.id)
  if (!monitor.enabled || !heard) {
    await cancelTimer(tx, timerKey(monitor.id))
    return null
  }
  const counted = await countMissed(tx, monitor, heard)
  return (await judgeHeartbeatsIn(tx, world, [[monitor, counted]]))[0] ?? null
}

/**
 * Judges many heartbeats that are switched on. Those whose verdict stays as it was, nearly all of them, share their
 * statements.
 */
export async function judgeHeartbeatsIn(
  tx: Tx,
  world: World,
  heard: readonly (readonly [Monitor, HeartbeatHistory])[],
): Promise<HistoryEntry[]> {
  if (heard.length === 0) return []
  const states = await allStates(
    tx.db,
    heard.map(([{ id }]) => id),
  )
  const traces: CheckTrace[] = []
  const timers: Parameters<typeof setTimers>[1][number][] = []
  const entries: HistoryEntry[] = []
  for (const [monitor, history] of heard) {
    const before = states.get(monitor.id)
    if (!before) continue
    const { observation, nextAt, dueAt } = await observe(tx, monitor, history)
    const expectedAt = dueAt > tx.now ? dueAt : null
    const step = takeObservation(before, observation, tx.now, ONCE)
    let { state } = step
    if (changesState(step.outcome)) {
      const input = { observation, nextAt: expectedAt, thresholds: ONCE }
      state = (await recordObservationIn(tx, world, monitor, input)).state
    } else
      traces.push({
        monitorId: monitor.id,
        version: before.version,
        at: tx.now,
        nextAt: expectedAt,
        observation,
      })
    const again = Math.min(nextAt ?? Infinity, tx.now + JUDGED_EVERY)
    const key = timerKey(monitor.id)
    timers.push({ key, kind: HEARTBEAT_TIMER, dueAt: again, payload: { monitorId: monitor.id } })
    entries.push({ monitorId: monitor.id, at: tx.now, holds: again - tx.now + SLACK, observation, state })
  }
  await writeTraces(tx.db, traces)
  await setTimers(tx, timers)
  return entries
}

async function observe(
  tx: Tx,
  monitor: Monitor,
  history: HeartbeatHistory,
): Promise<{ observation: Observation; nextAt: number | null; dueAt: number }> {
  const spec = monitor.spec as HeartbeatSpec
  const known = spec.unusual === undefined ? history : await withUsual(tx, monitor.id, history)
  const { verdict, reason, summary, nextAt, dueAt } = judgeHeartbeat(spec, known, tx.now)
  const observation: Observation = {
    verdict,
    reason,
    summary,
    tookMs: 0,
    values: { openRuns: known.openRuns.length, dueAt, missed: known.missed ?? 0 },
  }
  // While nothing comes, each further run that is missed is counted when its grace is over.
  const following = dueAt <= tx.now ? nextMissed(spec, known, tx.now) : null
  return {
    observation: await withWhatItRenews(tx.db, monitor, observation, tx.now),
    nextAt: following === null ? nextAt : Math.min(following, nextAt ?? following),
    dueAt,
  }
}

async function withUsual(tx: Tx, monitorId: string, history: HeartbeatHistory): Promise<HeartbeatHistory> {
  const [last, ...past] = await runDurations(tx.db, monitorId)
  const running = history.openRuns.length > 0
  // A finished run is held against those before it, an open one against all that finished.
  const usual = usualDuration(running && last !== undefined ? [last, ...past] : past)
  return { ...history, usual, lastDuration: last ?? null }
}

async function countMissed(tx: Tx, monitor: Monitor, heard: HeartbeatHistory): Promise<HeartbeatHistory> {
  const spec = monitor.spec as HeartbeatSpec
  const missed = runsMissed(spec, firstUncounted(spec, heard), tx.now, MISSED_AT_ONCE)
  if (missed.length === 0) return heard
  const before = heard.missed ?? 0
  await writeMissed(tx.db, monitor.id, missed, before)
  return { ...heard, missed: before + missed.length, missedUntil: missed.at(-1)! }
}

function firstUncounted(spec: HeartbeatSpec, heard: HeartbeatHistory): number {
  const due = nextDue(spec, heard)
  const { missedUntil } = heard
  if (missedUntil === null || missedUntil === undefined || missedUntil < due) return due
  return firstRunAfter(spec, missedUntil)
}

function nextMissed(spec: HeartbeatSpec, heard: HeartbeatHistory, now: number): number {
  return Math.max(firstUncounted(spec, heard) + spec.startGrace, now + 1_000)
}

/**
 * After a time in which nobody listened, pings may have come and found nobody. What came due meanwhile is judged
 * when each job has had its grace again; who is away for a minute moves nothing.
 */
export async function giveHeartbeatsTime(world: World): Promise<void> {
  await world.transact(async (tx) => {
    for (const { id, kind, enabled, spec } of await allMonitors(tx.db)) {
      if (kind !== 'heartbeat' || !enabled) continue
      const timer = await findTimer(tx.db, timerKey(id))
      if (!timer || timer.dueAt > tx.now) continue
      const { startGrace } = spec as HeartbeatSpec
      await forgiveMissed(tx.db, id, tx.now)
      await setTimers(tx, [{ ...timer, dueAt: tx.now + startGrace }])
    }
  })
}

/** Takes the timer of a heartbeat back. */
export async function forgetHeartbeat(tx: Tx, monitorId: string): Promise<void> {
  await cancelTimer(tx, timerKey(monitorId))
}

/** Time alone has made a job late, or a run too long. */
export const heartbeatDue: TimerHandler = async (tx, world, timer) => {
  const { monitorId } = timer.payload as { monitorId: string }
  const monitor = await findDefinition(tx.db, monitorId)
  if (!monitor) return
  const entry = await judgeHeartbeatIn(tx, world, monitor)
  // The history may live in another file: it follows the commit and is not part of it.
  if (entry) afterwards(world, entry)
}

function afterwards(world: World, entry: HistoryEntry): void {
  const stop = world.onCommit(() => {
    stop()
    recordHistory(world, [entry]).catch((error: unknown) =>
      world.log.error(
        { monitor: entry.monitorId, error: String(error) },
        'a heartbeat is missing in the history',
      ),
    )
  })
}
