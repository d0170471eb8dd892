import { z } from 'zod'
import { id } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { recordEntryIn } from '../incidents/index.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { postmortemStateChanged } from './facts.ts'
import {
  POSTMORTEM_STATES,
  type Postmortem,
  type PostmortemReason,
  type PostmortemState,
} from './postmortem.ts'
import { decidePostmortemMove, type PostmortemDecision } from './postmortem-state.rules.ts'
import { findPostmortem, listActions, movePostmortemRow } from './postmortems.rows.ts'

const changePostmortemStateInput = z.strictObject({ postmortemId: id, to: z.enum(POSTMORTEM_STATES) })
export type ChangePostmortemStateInput = z.input<typeof changePostmortemStateInput>

/** Sends a post-mortem to review or back, and closes it once every action is settled. */
export async function changePostmortemState(
  world: World,
  actor: Actor,
  input: ChangePostmortemStateInput,
): Promise<Postmortem> {
  authorize(actor, 'responder')
  const { postmortemId, to } = parseInput(changePostmortemStateInput, input)
  return world.transact(async (tx) => {
    const postmortem = await findPostmortem(tx.db, postmortemId)
    if (!postmortem) throw notFound('post-mortem', postmortemId)
    const allow = async () => {
      const actions = await listActions(tx.db, { postmortemId, limit: 1_000 })
      const decision = decidePostmortemMove(postmortem, to, actions)
      if (decision.outcome === 'refuse') throw refusal(postmortem.state, to, decision)
    }
    await allow()
    await movePostmortemIn(
      tx,
      world,
      actor,
      postmortem,
      to,
      to === 'closed' ? 'all-actions-settled' : 'changed-by-person',
    )
    // Whoever appends a fact waits for those before: an action that moved at the same moment is seen only now.
    if (to === 'closed') await allow()
    return (await findPostmortem(tx.db, postmortemId))!
  })
}

/** The move itself: compare-and-set, a fact, and a line in the incident's timeline. */
export async function movePostmortemIn(
  tx: Tx,
  world: World,
  actor: Actor,
  postmortem: Postmortem,
  to: PostmortemState,
  reason: PostmortemReason,
): Promise<void> {
  if (!(await movePostmortemRow(tx, postmortem.id, postmortem.state, to, reason)))
    throw wrongState('Somebody else changed the state at the same moment: look again.')
  const fact = await postmortemStateChanged.append(tx, world, {
    subject: postmortem.id,
    actor,
    data: { postmortemId: postmortem.id, from: postmortem.state, to, reason },
  })
  if (!postmortem.incidentId) return
  await recordEntryIn(tx, world, actor, {
    incidentId: postmortem.incidentId,
    kind: 'postmortem',
    text: `Post-mortem went from ${postmortem.state} to ${to}${reason === 'action-reopened' ? ': an action is open again' : ''}`,
    factSeq: fact.seq,
  })
}

/** A closed post-mortem says that every lesson is proved or given up; when one is open again, it must not go on saying so. */
export async function reopenPostmortemIn(
  tx: Tx,
  world: World,
  actor: Actor,
  postmortemId: string,
): Promise<void> {
  const postmortem = await findPostmortem(tx.db, postmortemId)
  if (postmortem?.state === 'closed')
    await movePostmortemIn(tx, world, actor, postmortem, 'reviewed', 'action-reopened')
}

function refusal(
  from: PostmortemState,
  to: PostmortemState,
  decision: PostmortemDecision & { outcome: 'refuse' },
): TocsinError {
  if (decision.reason === 'sections-missing')
    return new TocsinError(
      'wrong-state',
      `Before the review, write: ${decision.sections.map(({ name }) => name).join(', ')}.`,
      decision.sections.map(({ name, state }) => ({
        path: `body.${name}`,
        message: {
          missing: 'The section is missing.',
          empty: 'The section is empty.',
          'prompt-left': 'A prompt still stands in it.',
          written: '',
        }[state],
        remedy: `Write the section "## ${name}" and remove its prompt.`,
      })),
    )
  if (decision.reason === 'actions-open')
    return new TocsinError(
      'wrong-state',
      `Of its actions, ${decision.actions.length} ${decision.actions.length === 1 ? 'is' : 'are'} neither proved nor dropped.`,
      decision.actions.map((action) => ({
        path: `actions.${action.id}`,
        message: `"${action.title}" is ${action.state}.`,
        remedy: 'Claim it and let its drill prove it, or drop it with a reason.',
      })),
    )
  return wrongState(
    decision.reason === 'already-there'
      ? `It is ${to} already.`
      : `There is no way from "${from}" to "${to}".`,
  )
}
