import { z } from 'zod'
import { id, text } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import { cancelTimer, setTimer, type TimerHandler } from '../../engine/timers.ts'
import { type Actor, systemActor, type Tx, type World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { postmortemLuckAccepted, postmortemLuckMoved } from '../facts.ts'
import { tellIn } from '../review/tell.ts'
import { ITEM_REASONS, type Item } from './item.ts'
import { findItem, moveItem } from './items.rows.ts'
import { decideAcceptance } from './items.rules.ts'

export const RELOOK = 'postmortems.relook'

export const relookKey = (itemId: string) => `${RELOOK}:${itemId}`

const acceptLuckInput = z.strictObject({
  itemId: id,
  until: z.number().int().positive(),
  reason: text.min(1, 'say why the risk is accepted'),
})
export type AcceptLuckInput = z.input<typeof acceptLuckInput>

/** Accepts a risk that luck showed, until a day on which it is looked at again. */
export async function acceptLuck(world: World, actor: Actor, input: AcceptLuckInput): Promise<Item> {
  // To live with a risk is a decision to answer for.
  authorize(actor, 'editor')
  const { itemId, until, reason } = parseInput(acceptLuckInput, input)
  return world.transact(async (tx) => {
    const item = await requireItem(tx, itemId)
    const decision = decideAcceptance(item, until, tx.now)
    if (decision.outcome === 'refuse') throw refusal(decision.reason)
    const by = actor.personId ?? actor.id
    const accepted = { by, byName: actor.name, until }
    if (!(await moveItem(tx, itemId, item.state, { state: 'accepted', reason, accepted }))) throw raced()
    await setTimer(tx, { key: relookKey(itemId), kind: RELOOK, dueAt: until, payload: { itemId } })
    await postmortemLuckAccepted.append(tx, world, {
      subject: item.postmortemId,
      actor,
      data: { postmortemId: item.postmortemId, itemId, by, until, reason },
    })
    return (await findItem(tx.db, itemId))!
  })
}

const takeBackInput = z.strictObject({ itemId: id })

/** Takes the acceptance of a risk back: it is open again. */
export async function takeAcceptanceBack(
  world: World,
  actor: Actor,
  input: z.input<typeof takeBackInput>,
): Promise<Item> {
  authorize(actor, 'responder')
  const { itemId } = parseInput(takeBackInput, input)
  return world.transact(async (tx) => {
    const item = await requireItem(tx, itemId)
    if (item.state !== 'accepted') throw wrongState('The risk is not accepted.')
    await openAgainIn(tx, world, actor, item, `taken back by ${actor.name}`)
    await cancelTimer(tx, relookKey(itemId))
    return (await findItem(tx.db, itemId))!
  })
}

/** The day has come: the risk is open again, and whoever accepted it is told. */
export const relook: TimerHandler = async (tx, world, timer) => {
  const { itemId } = timer.payload as { itemId: string }
  const item = await findItem(tx.db, itemId)
  if (item?.state !== 'accepted' || world.drill !== null) return
  if (item.acceptedUntil !== null && item.acceptedUntil > tx.now) return
  await openAgainIn(tx, world, systemActor('postmortems'), item, ITEM_REASONS.expired)
  if (item.acceptedBy)
    await tellIn(tx, world, {
      postmortemId: item.postmortemId,
      personId: item.acceptedBy,
      about: { kind: 'luck', text: item.text, reason: item.reason },
      key: `luck:${item.id}:${item.acceptedUntil}`,
    })
}

async function openAgainIn(tx: Tx, world: World, actor: Actor, item: Item, reason: string): Promise<void> {
  // By whom and until when it was accepted stays to be read.
  if (!(await moveItem(tx, item.id, 'accepted', { state: 'open', reason }))) throw raced()
  await postmortemLuckMoved.append(tx, world, {
    subject: item.postmortemId,
    actor,
    data: { postmortemId: item.postmortemId, itemId: item.id, from: 'accepted', to: 'open', reason },
  })
}

async function requireItem(tx: Tx, itemId: string): Promise<Item> {
  const item = await findItem(tx.db, itemId)
  if (!item) throw notFound('item', itemId)
  return item
}

const raced = () => wrongState('Somebody else decided on it at the same moment: look again.')

function refusal(reason: 'not-luck' | 'has-action' | 'proved' | 'in-the-past' | 'too-long'): TocsinError {
  if (reason === 'not-luck') return wrongState('Only what was luck is a risk to be accepted.')
  if (reason === 'has-action') return wrongState('An action looks after it: drop that first, with a reason.')
  if (reason === 'proved')
    return wrongState('It is proved that this cannot happen unseen: there is nothing to accept.')
  const message =
    reason === 'in-the-past'
      ? 'The day must lie ahead.'
      : 'The day must lie within a year: until then it is looked at again.'
  return new TocsinError('invalid-input', message, [{ path: 'until', message }])
}
