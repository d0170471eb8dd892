import { z } from 'zod'
import { id, text } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { recordEntryIn } from '../incidents/index.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { postmortemOverruled, postmortemStateChanged } from './facts.ts'
import {
  POSTMORTEM_STATES,
  type Postmortem,
  type PostmortemReason,
  type PostmortemState,
} from './postmortem.ts'
import { decidePostmortemMove, type PostmortemDecision } from './postmortem-state.rules.ts'
import { findPostmortem, listActions, movePostmortemRow } from './postmortems.rows.ts'
import { tellReviewersIn } from './review/ask-reviewers.ts'
import { readStanding } from './review/read-standing.ts'
import { blockersOf, sayBlocker, standingAgainst } from './review/review.rules.ts'
import type { Blocker } from './review/review.ts'
import { insertOverrule } from './review/reviewers.rows.ts'
import { scheduleChase } from './review/schedule-chase.ts'

const changePostmortemStateInput = z.strictObject({
  postmortemId: id,
  to: z.enum(POSTMORTEM_STATES),
  /** Why the review may end although threads are open or changes are asked for. */
  overrule: text.min(1, 'say why').optional(),
})
export type ChangePostmortemStateInput = z.input<typeof changePostmortemStateInput>

/** Sends a post-mortem to review or back, and closes it once every action is settled. */
export async function changePostmortemState(
  world: World,
  actor: Actor,
  input: ChangePostmortemStateInput,
): Promise<Postmortem> {
  authorize(actor, 'responder')
  const { postmortemId, to, overrule } = parseInput(changePostmortemStateInput, input)
  // To end a discussion that others hold open is a decision to answer for.
  if (overrule !== undefined) authorize(actor, 'editor')
  return world.transact(async (tx) => {
    const postmortem = await findPostmortem(tx.db, postmortemId)
    if (!postmortem) throw notFound('post-mortem', postmortemId)
    const ends = to === 'reviewed' && postmortem.state === 'in review'
    const allow = async (text: Postmortem) => {
      const actions = await listActions(tx.db, { postmortemId, limit: 1_000 })
      const blockers = ends ? blockersOf(await readStanding(tx.db, text)) : []
      const standing = standingAgainst(blockers, overrule !== undefined)
      const decision = decidePostmortemMove({ ...text, state: postmortem.state }, to, actions, standing)
      if (decision.outcome === 'refuse') throw refusal(postmortem.state, to, decision)
      return blockers
    }
    const waived = await allow(postmortem)
    const reason =
      to === 'closed'
        ? 'all-actions-settled'
        : waived.length > 0
          ? 'overruled-by-person'
          : 'changed-by-person'
    await movePostmortemIn(tx, world, actor, postmortem, to, reason)
    if (waived.length > 0) await overruleIn(tx, world, actor, postmortem, waived, overrule!)
    if (to === 'in review') await tellReviewersIn(tx, world, actor, postmortem)
    const moved = (await findPostmortem(tx.db, postmortemId))!
    // Whoever appends a fact waits for those before: what moved at the same moment is seen only now.
    if (to === 'closed' || ends) await allow(moved)
    return moved
  })
}

async function overruleIn(
  tx: Tx,
  world: World,
  actor: Actor,
  { id: postmortemId, version }: Postmortem,
  blockers: Blocker[],
  reason: string,
): Promise<void> {
  const { id: actorId, name: actorName } = actor
  const about = { postmortemId, version, reason }
  await insertOverrule(tx, { ...about, id: newId(tx.now), blockers, actor: actorId, actorName, at: tx.now })
  await postmortemOverruled.append(tx, world, {
    subject: postmortemId,
    actor,
    data: { ...about, blockers: blockers.map(sayBlocker) },
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
  await scheduleChase(tx, world, { ...postmortem, state: to })
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

const REMEDIES: Record<Blocker['kind'], string> = {
  approvals:
    'Ask others to review it; how many it takes is set by `postmortems.review.approvals` in the configuration.',
  'changes-asked': 'Change the text and ask them to look again; an editor may overrule them with a reason.',
  threads: 'Answer and resolve them; an editor may overrule them with a reason.',
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
  if (decision.reason === 'review-open')
    return new TocsinError(
      'wrong-state',
      `The review is not over: ${decision.blockers.map(sayBlocker).join('; ')}.`,
      decision.blockers.map((blocker) => ({
        path: `review.${blocker.kind}`,
        message: `${sayBlocker(blocker)}.`,
        remedy: REMEDIES[blocker.kind],
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
