import { z } from 'zod'
import { id, name, text } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { newId } from '../../kit/ids.ts'
import { parseInput } from '../../kit/parse.ts'
import type { Action } from '../postmortem.ts'
import { findAction } from '../postmortems.rows.ts'
import {
  type ActionPromise,
  type Counterpart,
  findCounterpart,
  insertPromise,
  newestPromise,
  putCounterpart,
} from './counterparts.rows.ts'
import { actionCounterpartSet, actionPromised } from './facts.ts'
import { scheduleChase } from './remind.ts'
import { isWaiting } from './reminders.rules.ts'

const input = z.strictObject({
  actionId: id,
  with: z
    .strictObject({
      kind: z.enum(['vendor', 'team']),
      name,
      reference: z.string().trim().max(500).nullable().default(null),
    })
    .nullable(),
})
export type SetCounterpartInput = z.input<typeof input>

/** Says which vendor or other team has to do it; our owner chases them. Null takes the work back to us. */
export async function setCounterpart(
  world: World,
  actor: Actor,
  given: SetCounterpartInput,
): Promise<Counterpart | null> {
  authorize(actor, 'responder')
  const { actionId, with: counterpart } = parseInput(input, given)
  return world.transact(async (tx) => {
    await requireAction(tx, actionId)
    const before = await findCounterpart(tx.db, actionId)
    const wanted = counterpart && { ...counterpart, reference: counterpart.reference || null }
    await putCounterpart(tx, actionId, wanted)
    await actionCounterpartSet.append(tx, world, {
      subject: actionId,
      actor,
      data: { actionId, from: before, to: wanted },
    })
    await scheduleChase(tx, actionId)
    return wanted
  })
}

const promiseInput = z.strictObject({
  actionId: id,
  promisedAt: z.number().int().positive(),
  note: text.default(''),
})
export type AddPromiseInput = z.input<typeof promiseInput>

/** Writes down a date that they promised. Each is kept, so that nobody has to remember how often it moved. */
export async function addPromise(world: World, actor: Actor, given: AddPromiseInput): Promise<ActionPromise> {
  authorize(actor, 'responder')
  const { actionId, promisedAt, note } = parseInput(promiseInput, given)
  return world.transact(async (tx) => {
    const action = await requireAction(tx, actionId)
    if (!isWaiting(action.state)) throw wrongState(`The action is ${action.state}: nothing is awaited.`)
    const counterpart = await findCounterpart(tx.db, actionId)
    if (!counterpart)
      throw wrongState('Nobody can have promised it: first say which vendor or team the action is with.')
    if ((await newestPromise(tx.db, actionId))?.promisedAt === promisedAt)
      throw new TocsinError('duplicate', 'That is the date that they promised already.')
    const promise: ActionPromise = {
      id: newId(tx.now),
      actionId,
      counterpart: counterpart.name,
      promisedAt,
      note,
      actor: actor.id,
      actorName: actor.name,
      at: tx.now,
    }
    await insertPromise(tx, promise)
    await actionPromised.append(tx, world, {
      subject: actionId,
      actor,
      data: { actionId, by: counterpart.name, promisedAt },
    })
    await scheduleChase(tx, actionId)
    return promise
  })
}

async function requireAction(tx: Tx, actionId: string): Promise<Action> {
  const action = await findAction(tx.db, actionId)
  if (!action) throw notFound('action', actionId)
  return action
}
