import type { DocumentedAction } from '../../contract/postmortem-document.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { newId } from '../../kit/ids.ts'
import { insertPromise, putCounterpart } from './counterparts.rows.ts'
import { actionCounterpartSet, actionPromised } from './facts.ts'
import { insertWrittenOwner } from './written-owners.rows.ts'

/**
 * Gives an action what the export of another Tocsin tells of getting it done. Whoever imports it has written it down
 * here; an issue is not linked, since the tracker that it is in need not be ours.
 */
export async function restoreFollowUp(
  tx: Tx,
  world: World,
  actor: Actor,
  actionId: string,
  {
    ownerWritten,
    counterpart,
    promises,
  }: Pick<DocumentedAction, 'ownerWritten' | 'counterpart' | 'promises'>,
): Promise<void> {
  if (ownerWritten !== null) await insertWrittenOwner(tx, actionId, ownerWritten)
  if (counterpart !== null) {
    await putCounterpart(tx, actionId, counterpart)
    await actionCounterpartSet.append(tx, world, {
      subject: actionId,
      actor,
      data: { actionId, from: null, to: counterpart },
    })
  }
  for (const { counterpart: by, promisedAt, note } of promises) {
    const at = Date.parse(promisedAt)
    await insertPromise(tx, {
      id: newId(tx.now),
      actionId,
      counterpart: by,
      promisedAt: at,
      note,
      actor: actor.id,
      actorName: actor.name,
      at: tx.now,
    })
    await actionPromised.append(tx, world, {
      subject: actionId,
      actor,
      data: { actionId, by, promisedAt: at },
    })
  }
}
