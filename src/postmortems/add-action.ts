import { z } from 'zod'
import { findPerson } from '../catalog/index.ts'
import { id, name, text } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { actionCreated } from './facts.ts'
import { ACTION_TYPES, type Action, type Postmortem } from './postmortem.ts'
import { findAction, findPostmortem, insertAction } from './postmortems.rows.ts'

/** What an action is made of. */
export const addActionInput = z.strictObject({
  postmortemId: id,
  title: name,
  type: z.enum(ACTION_TYPES),
  owner: id.nullable().default(null),
  dueAt: z.number().int().positive().nullable().default(null),
  /** What must be shown, written before the work. */
  criterion: text.min(1, 'write what will show that it is done, before doing it'),
  drillId: id.nullable().default(null),
})
export type AddActionInput = z.input<typeof addActionInput>

/** Adds an action with the criterion by which it will be judged. */
export async function addAction(world: World, actor: Actor, input: AddActionInput): Promise<Action> {
  authorize(actor, 'responder')
  const given = parseInput(addActionInput, input)
  return world.transact((tx) => addActionIn(tx, world, actor, given))
}

/** Adds it within the caller's transaction. */
export async function addActionIn(
  tx: Tx,
  world: World,
  actor: Actor,
  given: z.output<typeof addActionInput>,
): Promise<Action> {
  const postmortem = await requireOpen(tx, given.postmortemId)
  if (given.owner) await requirePerson(tx, given.owner)
  const action: Action = {
    ...given,
    id: newId(tx.now),
    state: 'open',
    reason: 'written down',
    since: tx.now,
    claimedBy: null,
    drillRunId: null,
    createdAt: tx.now,
  }
  await insertAction(tx, action)
  await actionCreated.append(tx, world, {
    subject: action.id,
    actor,
    data: {
      actionId: action.id,
      postmortemId: postmortem.id,
      title: action.title,
      drillId: action.drillId,
    },
  })
  // The fact waited for those before it: a closing at the same moment is seen only now.
  await requireOpen(tx, postmortem.id)
  return (await findAction(tx.db, action.id))!
}

async function requireOpen(tx: Tx, postmortemId: string): Promise<Postmortem> {
  const postmortem = await findPostmortem(tx.db, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  if (postmortem.state === 'closed')
    throw wrongState('The post-mortem is closed: take it back to reviewed first.')
  return postmortem
}

/** An owner must be a person of the catalogue. */
export async function requirePerson(tx: Tx, personId: string): Promise<void> {
  const person = await findPerson(tx.db, personId)
  if (!person || person.disabledAt !== null) throw notFound('person', personId)
}
