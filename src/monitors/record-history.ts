import type { World } from '../engine/world.ts'
import { insertObservations } from './history.rows.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import type { Observation } from './observation.ts'

/** One line of history. */
export interface HistoryEntry {
  monitorId: string
  at: number
  /** For how long it speaks of the monitor, when no other follows. */
  holds: number
  observation: Observation
  /** What was confirmed after it. */
  state: MonitorState
}

/** Worlds whose newest observations wait for the roll-up. */
export const waitingForRollUp = new WeakSet<World>()

/** Appends observations to the history, in order. */
export async function recordHistory(world: World, entries: HistoryEntry[]): Promise<void> {
  await insertObservations(
    world.store.history,
    entries.map(({ monitorId, at, holds, observation, state }) => ({
      at,
      monitor_id: monitorId,
      verdict: observation.verdict,
      reason: observation.reason,
      state: state.verdict,
      took_ms: Math.round(observation.tookMs),
      maintenance: state.maintenance ? 1 : 0,
      holds_ms: Math.round(holds),
    })),
  )
  if (entries.length > 0) waitingForRollUp.add(world)
}

/** For how long one check speaks of the monitor: two intervals and what a check may take. */
export function holdsFor(monitor: Pick<Monitor, 'every' | 'timeout'>): number {
  return 2 * monitor.every + monitor.timeout
}
