import { findTimer, setTimer } from '../../engine/timers.ts'
import { systemActor, type Tx } from '../../engine/world.ts'

/** The kinds of the timer and of the delivery; stored, so never renamed. */
export const SYNC_DUE = 'postmortems.sync-issue-due'
export const SYNC = 'postmortems.sync-issue'

/** Whoever speaks with trackers. */
export const trackerActor = systemActor('trackers')
/** Under this name the closing of an issue claims. */
export const TRACKER_ACTOR = trackerActor.id

const syncKey = (actionId: string) => `sync-issue:${actionId}`

/** Has the issue of an action looked after at `at`, or sooner where that was asked for. */
export async function syncBy(tx: Tx, actionId: string, at: number): Promise<void> {
  const set = await findTimer(tx.db, syncKey(actionId))
  if (set && set.dueAt <= at) return
  await setTimer(tx, { key: syncKey(actionId), kind: SYNC_DUE, dueAt: at, payload: { actionId } })
}
