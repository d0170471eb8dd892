import type { z } from 'zod'
import { id } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import { cancelTimer } from '../../engine/timers.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { addActionIn, addActionInput } from '../add-action.ts'
import { postmortemItemActed, postmortemLuckMoved } from '../facts.ts'
import type { Action } from '../postmortem.ts'
import { findAction } from '../postmortems.rows.ts'
import { relookKey } from './accept-luck.ts'
import { ITEM_REASONS, type Item } from './item.ts'
import { findItem, itemsOfAction, moveItem } from './items.rows.ts'
import { stateByAction } from './items.rules.ts'

const actOnItemInput = addActionInput.omit({ postmortemId: true }).extend({ itemId: id })
export type ActOnItemInput = z.input<typeof actOnItemInput>

/** Makes an action of what went well, wrong or by luck; from then on the item is as its action is. */
export async function actOnItem(world: World, actor: Actor, input: ActOnItemInput): Promise<Action> {
  authorize(actor, 'responder')
  const { itemId, ...given } = parseInput(actOnItemInput, input)
  return world.transact(async (tx) => {
    const item = await findItem(tx.db, itemId)
    if (!item) throw notFound('item', itemId)
    const former = item.actionId ? await findAction(tx.db, item.actionId) : null
    if (former && former.state !== 'dropped')
      throw new TocsinError('duplicate', `It became the action "${former.title}" already.`)
    const action = await addActionIn(tx, world, actor, { ...given, postmortemId: item.postmortemId })
    const moved = await moveItem(tx, item.id, item.state, {
      state: 'has-action',
      reason: ITEM_REASONS.acted,
      actionId: action.id,
      accepted: null,
    })
    if (!moved) throw wrongState('Somebody else took it up at the same moment: look again.')
    await cancelTimer(tx, relookKey(item.id))
    await postmortemItemActed.append(tx, world, {
      subject: item.postmortemId,
      actor,
      data: { postmortemId: item.postmortemId, itemId: item.id, actionId: action.id },
    })
    return action
  })
}

/** Lets the items of an action be as it is. */
export async function followActionIn(tx: Tx, world: World, actor: Actor, actionId: string): Promise<void> {
  const action = await findAction(tx.db, actionId)
  if (!action) return
  for (const item of await itemsOfAction(tx.db, actionId)) await followIn(tx, world, actor, item, action)
}

async function followIn(tx: Tx, world: World, actor: Actor, item: Item, action: Action): Promise<void> {
  const to = stateByAction(action.state)
  // Somebody who accepts a risk whose action was dropped has decided since.
  if (item.state === to || (item.state === 'accepted' && to === 'open')) return
  const reason =
    to === 'proved'
      ? ITEM_REASONS.proved
      : to === 'open'
        ? ITEM_REASONS.dropped
        : item.state === 'proved'
          ? ITEM_REASONS.unproved
          : ITEM_REASONS.acted
  if (!(await moveItem(tx, item.id, item.state, { state: to, reason, accepted: null }))) return
  await cancelTimer(tx, relookKey(item.id))
  await postmortemLuckMoved.append(tx, world, {
    subject: item.postmortemId,
    actor,
    data: { postmortemId: item.postmortemId, itemId: item.id, from: item.state, to, reason },
  })
}
