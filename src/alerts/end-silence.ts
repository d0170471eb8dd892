import { authorize } from '../engine/authorize.ts'
import { cancelTimer } from '../engine/timers.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { applySilences } from './apply-silences.ts'
import { silenceEnded } from './facts.ts'
import { findSilence, markSilenceEnded } from './silence.rows.ts'
import { beginKey, endKey } from './silence-timers.ts'

/** Ends a silence now; alerts that are still open under it begin to page. Ending it twice does nothing. */
export async function endSilence(
  world: World,
  actor: Actor,
  { silenceId }: { silenceId: string },
): Promise<void> {
  authorize(actor, 'responder')
  await world.transact(async (tx) => {
    if (!(await findSilence(tx.db, silenceId))) throw notFound('silence', silenceId)
    await endSilenceIn(tx, world, actor, { silenceId, reason: 'ended-by-hand' })
  })
}

/** Ends a silence within a transaction. */
export async function endSilenceIn(
  tx: Tx,
  world: World,
  actor: Actor,
  { silenceId, reason }: { silenceId: string; reason: 'time-came' | 'ended-by-hand' },
): Promise<void> {
  if (!(await markSilenceEnded(tx, silenceId, actor.name))) return
  await cancelTimer(tx, beginKey(silenceId))
  await cancelTimer(tx, endKey(silenceId))
  await silenceEnded.append(tx, world, { subject: silenceId, actor, data: { silenceId, reason } })
  await applySilences(tx, world, actor)
}
