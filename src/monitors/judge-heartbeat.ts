import { cancelTimer, findTimer, setTimer, type TimerHandler } from '../engine/timers.ts'
import type { Tx, World } from '../engine/world.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { heartbeatHistories } from './heartbeats.rows.ts'
import type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
import { type HeartbeatHistory, judgeHeartbeat } from './kinds/heartbeat/judge-heartbeat.rules.ts'
import type { Monitor } from './monitor.ts'
import { allMonitors, findDefinition } from './monitors.rows.ts'
import type { HistoryEntry } from './record-history.ts'
import { recordHistory } from './record-history.ts'
import { recordObservationIn } from './record-observation.ts'

export const HEARTBEAT_TIMER = 'monitors.heartbeat'

const timerKey = (monitorId: string) => `monitors.heartbeat:${monitorId}`

// Silence is judged too: each judgement speaks until the next, which comes at least this often.
const JUDGED_EVERY = HOUR
const SLACK = MINUTE
const ONCE = { confirm: 1, recover: 1 }

/** Judges a heartbeat by what is known of it, and sets the timer for the next instant that may change it. */
export async function judgeHeartbeatIn(
  tx: Tx,
  world: World,
  monitor: Monitor,
  heard?: HeartbeatHistory,
): Promise<HistoryEntry | null> {
  const key = timerKey(monitor.id)
  const known = heard ?? (await heartbeatHistories(tx.db, [monitor.id])).get(monitor.id)
  if (!monitor.enabled || !known) {
    await cancelTimer(tx, key)
    return null
  }
  const judged = judgeHeartbeat(monitor.spec as HeartbeatSpec, known, tx.now)
  const { verdict, reason, summary, nextAt, dueAt } = judged
  const observation = {
    verdict,
    reason,
    summary,
    tookMs: 0,
    values: { openRuns: known.openRuns.length, dueAt },
  }
  const expectedAt = dueAt > tx.now ? dueAt : null
  const input = { observation, nextAt: expectedAt, thresholds: ONCE }
  const { state } = await recordObservationIn(tx, world, monitor, input)
  const again = Math.min(nextAt ?? Infinity, tx.now + JUDGED_EVERY)
  await setTimer(tx, { key, kind: HEARTBEAT_TIMER, dueAt: again, payload: { monitorId: monitor.id } })
  return { monitorId: monitor.id, at: tx.now, holds: again - tx.now + SLACK, observation, state }
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
      await setTimer(tx, { ...timer, dueAt: tx.now + (spec as HeartbeatSpec).startGrace })
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
