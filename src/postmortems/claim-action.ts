import { z } from 'zod'
import { id } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { decideByHand } from './action-state.rules.ts'
import { actionClaimed } from './facts.ts'
import type { Action } from './postmortem.ts'
import { findAction, moveActionRow } from './postmortems.rows.ts'

const claimActionInput = z.strictObject({ actionId: id })
export type ClaimActionInput = z.input<typeof claimActionInput>

/** Says that an action is done; its drill will decide. */
export async function claimAction(world: World, actor: Actor, input: ClaimActionInput): Promise<Action> {
  authorize(actor, 'responder')
  const { actionId } = parseInput(claimActionInput, input)
  return world.transact(async (tx) => {
    const action = await findAction(tx.db, actionId)
    if (!action) throw notFound('action', actionId)
    await claimActionIn(tx, world, actor, action)
    return (await findAction(tx.db, actionId))!
  })
}

/** The claim itself, as a compare-and-set with its fact. */
export async function claimActionIn(tx: Tx, world: World, actor: Actor, action: Action): Promise<void> {
  const decision = decideByHand(action.state, 'claimed')
  if (decision.outcome !== 'claim')
    throw wrongState(
      decision.reason === 'proved-already'
        ? 'The action is proved already.'
        : `The action is ${action.state}.`,
    )
  const by = actor.personId ?? actor.id
  const moved = await moveActionRow(tx, action.id, action.state, {
    state: 'claimed',
    reason: `claimed by ${actor.name}`,
    claimed_by: by,
  })
  if (!moved) throw wrongState('The action changed at the same moment: look again.')
  await actionClaimed.append(tx, world, {
    subject: action.id,
    actor,
    data: { actionId: action.id, by, drillId: action.drillId },
  })
}
