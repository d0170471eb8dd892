import { authorize } from '../engine/authorize.ts'
import { cancelTimer } from '../engine/timers.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { findAction } from '../postmortems/index.ts'
import { listProofs } from './action-proof.rows.ts'
import { type Drill, findDrill, retireDrillRow } from './drill.rows.ts'
import { dueKey } from './due.ts'
import { drillRetired } from './facts.ts'
import { settleRemovedIn } from './settle-action.ts'

/** Takes away a drill that people manage; its runs stay, as evidence. Refused while a proof rests on it. */
export async function removeDrill(world: World, actor: Actor, drillId: string): Promise<void> {
  authorize(actor, 'editor')
  await world.transact(async (tx) => {
    const drill = await findDrill(tx.db, drillId)
    if (!drill) throw notFound('drill', drillId)
    if (drill.managedBy === 'file')
      throw new TocsinError('managed-by-file', `The configuration file manages the drill "${drillId}".`, [
        {
          path: 'id',
          message: 'the configuration file manages it',
          remedy: 'Change the file and reload it.',
        },
      ])
    await refuseWhileProving(tx, drill)
    await retireDrillIn(tx, world, actor, drill)
  })
}

/** Retires a drill: it is played no more, and a proof that could be repeated by nothing else is stale. */
export async function retireDrillIn(tx: Tx, world: World, actor: Actor, drill: Drill): Promise<void> {
  await retireDrillRow(tx, drill.id)
  await settleRemovedIn(tx, world, drill)
  await cancelTimer(tx, dueKey(drill.id))
  await drillRetired.append(tx, world, { subject: drill.id, actor, data: { monitorId: drill.monitorId } })
}

/** A claim waits for the drill, a proof rests on it, or an alert about a broken proof would never end. */
async function refuseWhileProving(tx: Tx, { id }: Drill): Promise<void> {
  const proofs = await listProofs(tx.db, id)
  const resting = proofs.filter(({ state, alerted }) => state === 'awaiting' || state === 'proved' || alerted)
  if (resting.length === 0) return
  const actions = await Promise.all(resting.map(({ actionId }) => findAction(tx.db, actionId)))
  const named = actions.filter((action) => action !== null)
  const titles = named.map(({ title }) => `"${title}"`).join(', ')
  throw new TocsinError(
    'wrong-state',
    `On this drill rests the proof of ${titles}.`,
    named.map(({ id: actionId, title, state }) => ({
      path: `actions.${actionId}`,
      message: `"${title}" is ${state}.`,
      remedy: 'Let another drill prove it, or drop it or take it back; then remove this one.',
    })),
  )
}
