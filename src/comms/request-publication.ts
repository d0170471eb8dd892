import { enqueue } from '../engine/outbox.ts'
import { findTimer, setTimer } from '../engine/timers.ts'
import type { Tx, World } from '../engine/world.ts'
import { SECOND } from '../kit/duration.ts'
import { newId } from '../kit/ids.ts'

/** The outbox kind that writes the public files. */
export const PUBLISH = 'comms.publish'
/** The timer kind that gathers a burst of changes into one publication. */
export const PUBLISH_TIMER = 'comms.publish-soon'

const KEY = 'comms:publish-soon'
const GATHER = SECOND

/**
 * Asks for a publication within a second. A request that is under way is kept, not moved, so that a storm of
 * changes cannot hold the page back.
 */
export async function requestPublication(tx: Tx, world: World): Promise<void> {
  // A drill publishes nothing, and may have nobody who could (invariant 7).
  if (world.drill) return
  if (await findTimer(tx.db, KEY)) return
  await setTimer(tx, { key: KEY, kind: PUBLISH_TIMER, dueAt: tx.now + GATHER })
}

/** Hands the publication over to the outbox now. */
export async function enqueuePublication(tx: Tx): Promise<void> {
  await enqueue(tx, { kind: PUBLISH, key: `${PUBLISH}:${newId(tx.now)}`, topic: 'comms', payload: {} })
}
