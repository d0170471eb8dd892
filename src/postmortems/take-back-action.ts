import type { Actor, Tx, World } from '../engine/world.ts'
import { wrongState } from '../kit/errors.ts'
import { reopenPostmortemIn } from './change-postmortem-state.ts'
import { actionTakenBack } from './facts.ts'
import type { Action } from './postmortem.ts'
import { moveActionRow } from './postmortems.rows.ts'

/** Opens an action that was claimed or dropped, as a compare-and-set with its fact. */
export async function takeBackActionIn(
  tx: Tx,
  world: World,
  actor: Actor,
  action: Action & { state: 'claimed' | 'dropped' },
  reason: string,
): Promise<void> {
  if (!(await moveActionRow(tx, action.id, action.state, { state: 'open', reason, claimed_by: null })))
    throw wrongState('The action changed at the same moment: look again.')
  await actionTakenBack.append(tx, world, {
    subject: action.id,
    actor,
    data: { actionId: action.id, from: action.state },
  })
  await reopenPostmortemIn(tx, world, actor, action.postmortemId)
}
