import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { overrideRemoved } from './facts.ts'
import { findOverride, markOverrideRemoved } from './schedule.rows.ts'

/** Removes an override: the rotation counts again. */
export async function removeOverride(
  world: World,
  actor: Actor,
  { overrideId }: { overrideId: string },
): Promise<void> {
  authorize(actor, 'responder')
  await world.transact(async (tx) => {
    const override = await findOverride(tx.db, overrideId)
    if (!override || !(await markOverrideRemoved(tx, overrideId, actor.name)))
      throw notFound('override', overrideId)
    await overrideRemoved.append(tx, world, {
      subject: override.scheduleId,
      actor,
      data: { overrideId, scheduleId: override.scheduleId },
    })
  })
}
