import type { Tx, World } from '../../engine/world.ts'
import { findTracker } from './configured-trackers.ts'
import { findIssue, insertNote } from './issues.rows.ts'
import { sayInTracker, type Told } from './say-in-tracker.rules.ts'
import { syncBy } from './sync-timer.ts'

/** Notes down what the tracker is to hear of an action that has changed; it is said by the next synchronization. */
export async function tellTracker(
  tx: Tx,
  world: World,
  actionId: string,
  told: Told,
  { seq, reason }: { seq: number; reason: string | null },
): Promise<void> {
  const issue = await findIssue(tx.db, actionId)
  if (!issue) return
  const closeWhenProved = findTracker(world, issue.tracker)?.settings.closeWhenProved ?? true
  const url = `${world.publicUrl}/actions/${actionId}`
  const { said, wanted } = sayInTracker(told, { reason, url, closeWhenProved })
  await insertNote(tx, { key: `${actionId}/${seq}`, actionId, said, wanted })
  await syncBy(tx, actionId, tx.now)
}
