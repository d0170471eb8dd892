import { authorize } from '../engine/authorize.ts'
import { enqueue } from '../engine/outbox.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { type Drill, type DrillRun, findDrill, findQueuedRun, findRun, insertRun } from './drill.rows.ts'
import type { Cause } from './drill.ts'
import { drillStarted } from './facts.ts'

export const RUN_DRILL = 'proofs.run-drill'

/** Asks for a run now; it is played in the background. A run that waits already is answered instead. */
export async function runDrill(world: World, actor: Actor, drillId: string): Promise<DrillRun> {
  authorize(actor, 'responder')
  if (world.drill !== null) throw wrongState('This is a drill: drills are not played within drills.')
  const id = await world.transact(async (tx) => {
    const drill = await findDrill(tx.db, drillId)
    if (!drill) throw notFound('drill', drillId)
    return askRun(tx, world, actor, drill, 'person')
  })
  return (await findRun(world.store.read, id))!
}

/** Queues a run within a transaction; answers its id, or that of the run which waits already. */
export async function askRun(
  tx: Tx,
  world: World,
  actor: Actor,
  drill: Drill,
  cause: Cause,
): Promise<string> {
  const waiting = await findQueuedRun(tx.db, drill.id)
  if (waiting) return waiting.id
  const id = newId(tx.now)
  await insertRun(tx, { id, drill, cause, askedBy: actor.id })
  await enqueue(tx, {
    kind: RUN_DRILL,
    key: `drill-run:${id}`,
    topic: `drill:${drill.id}`,
    payload: { runId: id },
  })
  await drillStarted.append(tx, world, {
    subject: drill.id,
    actor,
    data: { runId: id, monitorId: drill.monitorId, actionId: drill.actionId, cause },
  })
  return id
}
