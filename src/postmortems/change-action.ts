import { z } from 'zod'
import { id, name, text } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { isoOrNull } from '../kit/clock.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { decideByHand, mayChangeProof } from './action-state.rules.ts'
import { requirePerson } from './add-action.ts'
import { claimActionIn } from './claim-action.ts'
import { actionChanged, actionDropped } from './facts.ts'
import { ACTION_STATES, ACTION_TYPES, type Action } from './postmortem.ts'
import { findAction, moveActionRow, updateAction } from './postmortems.rows.ts'
import { takeBackActionIn } from './take-back-action.ts'

const changeActionInput = z.strictObject({
  actionId: id,
  title: name.optional(),
  type: z.enum(ACTION_TYPES).optional(),
  owner: id.nullable().optional(),
  dueAt: z.number().int().positive().nullable().optional(),
  criterion: text.min(1).optional(),
  drillId: id.nullable().optional(),
  /** By hand only `claimed`, `dropped` (with a reason) and back to `open`. */
  state: z.enum(ACTION_STATES).optional(),
  reason: text.min(1).optional(),
})
export type ChangeActionInput = z.input<typeof changeActionInput>
type Given = z.output<typeof changeActionInput>

/** Changes an action. Its state never becomes proved by hand: `proof-required`. */
export async function changeAction(world: World, actor: Actor, input: ChangeActionInput): Promise<Action> {
  authorize(actor, 'responder')
  const given = parseInput(changeActionInput, input)
  return world.transact(async (tx) => {
    const action = await findAction(tx.db, given.actionId)
    if (!action) throw notFound('action', given.actionId)
    await changeWords(tx, world, actor, action, given)
    if (given.state !== undefined && given.state !== action.state)
      await changeState(tx, world, actor, (await findAction(tx.db, action.id))!, given)
    else if (given.state === 'proved' || given.state === 'refuted' || given.state === 'stale')
      throw proofRequired()
    return (await findAction(tx.db, action.id))!
  })
}

function proofRequired(): TocsinError {
  return new TocsinError(
    'proof-required',
    'Nobody closes an action by saying so: claim it, and its drill proves or refutes it.',
  )
}

async function changeState(tx: Tx, world: World, actor: Actor, action: Action, given: Given): Promise<void> {
  const decision = decideByHand(action.state, given.state!)
  if (decision.outcome === 'refuse') {
    if (decision.reason === 'proof-required') throw proofRequired()
    throw wrongState(`The action is ${action.state}: there is no way to "${given.state}" by hand.`)
  }
  if (decision.outcome === 'claim') return claimActionIn(tx, world, actor, action)
  if (decision.outcome === 'take-back') {
    const reason = given.reason ?? `taken back by ${actor.name}`
    return takeBackActionIn(tx, world, actor, { ...action, state: decision.from }, reason)
  }
  // Giving up on a lesson is a decision to answer for.
  authorize(actor, 'editor')
  if (!given.reason)
    throw new TocsinError('invalid-input', 'reason: say why the action is dropped.', [
      { path: 'reason', message: 'Say why the action is dropped.' },
    ])
  if (!(await moveActionRow(tx, action.id, action.state, { state: 'dropped', reason: given.reason })))
    throw raced()
  await actionDropped.append(tx, world, {
    subject: action.id,
    actor,
    data: { actionId: action.id, by: actor.id, reason: given.reason },
  })
}

async function changeWords(tx: Tx, world: World, actor: Actor, action: Action, given: Given): Promise<void> {
  const changes: { what: string; from: string | null; to: string | null }[] = []
  const note = (what: string, from: string | null, to: string | null | undefined): boolean => {
    if (to === undefined || to === from) return false
    changes.push({ what, from, to })
    return true
  }
  note('title', action.title, given.title)
  note('type', action.type, given.type)
  if (note('owner', action.owner, given.owner) && given.owner) await requirePerson(tx, given.owner)
  if (given.dueAt !== undefined) note('due', isoOrNull(action.dueAt), isoOrNull(given.dueAt))
  const criterion = note('criterion', action.criterion, given.criterion)
  const drill = note('drill', action.drillId, given.drillId)
  // A first drill may be named late: nothing has been proved by it yet.
  if ((criterion || (drill && action.drillId !== null)) && !mayChangeProof(action.state))
    throw wrongState(
      `The action is ${action.state}: its criterion and drill stay as they were. Take the claim back, or add another action.`,
    )
  if (changes.length === 0) return
  const done = await updateAction(tx, action.id, action.state, {
    ...(given.title === undefined ? {} : { title: given.title }),
    ...(given.type === undefined ? {} : { type: given.type }),
    ...(given.owner === undefined ? {} : { owner: given.owner }),
    ...(given.dueAt === undefined ? {} : { due_at: given.dueAt }),
    ...(given.criterion === undefined ? {} : { criterion: given.criterion }),
    ...(given.drillId === undefined ? {} : { drill_id: given.drillId }),
  })
  if (!done) throw raced()
  await actionChanged.append(tx, world, {
    subject: action.id,
    actor,
    data: { actionId: action.id, postmortemId: action.postmortemId, changes },
  })
}

function raced(): TocsinError {
  return wrongState('The action changed at the same moment: look again.')
}
