import { z } from 'zod'
import { findPerson } from '../../catalog/index.ts'
import { id } from '../../contract/route.ts'
import { authorize, roleIncludes } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { postmortemReviewersAsked, postmortemReviewerWithdrawn } from '../facts.ts'
import type { Postmortem } from '../postmortem.ts'
import { requireOpen } from './comment.ts'
import { readStanding } from './read-standing.ts'
import { newestVerdicts, standingOf } from './review.rules.ts'
import type { Reviewer } from './review.ts'
import { askReviewer, listReviewers, withdrawReviewerRow } from './reviewers.rows.ts'
import { tellIn } from './tell.ts'

const askReviewersInput = z.strictObject({ postmortemId: id, personIds: z.array(id).min(1).max(20) })
export type AskReviewersInput = z.input<typeof askReviewersInput>

/** Asks people to review; they are told once the text is in review. */
export async function askReviewers(
  world: World,
  actor: Actor,
  input: AskReviewersInput,
): Promise<Reviewer[]> {
  authorize(actor, 'responder')
  const { postmortemId, personIds } = parseInput(askReviewersInput, input)
  return world.transact(async (tx) => {
    const postmortem = await requireOpen(tx, postmortemId)
    const asked: string[] = []
    for (const personId of new Set(personIds)) {
      const person = await findPerson(tx.db, personId)
      if (!person || person.disabledAt !== null) throw notFound('person', personId)
      // A viewer could not say what they think of it.
      if (!roleIncludes(person.role, 'responder'))
        throw new TocsinError('invalid-input', `${person.name} may only look on.`, [
          {
            path: 'personIds',
            message: `${person.name} has the role ${person.role}`,
            remedy: 'Ask a responder.',
          },
        ])
      const done = await askReviewer(tx, {
        ...{ postmortemId, personId, personName: person.name },
        askedBy: actor.id,
        askedByName: actor.name,
      })
      if (done) asked.push(personId)
    }
    if (asked.length > 0)
      await postmortemReviewersAsked.append(tx, world, {
        subject: postmortemId,
        actor,
        data: { postmortemId, personIds: asked },
      })
    if (postmortem.state === 'in review') await tellReviewersIn(tx, world, actor, postmortem, asked)
    return listReviewers(tx.db, postmortemId)
  })
}

/** Tells those who are asked, but for who approved this very text. */
export async function tellReviewersIn(
  tx: Tx,
  world: World,
  actor: Actor,
  postmortem: Postmortem,
  only?: readonly string[],
): Promise<void> {
  const standing = await readStanding(tx.db, postmortem)
  const newest = newestVerdicts(standing.verdicts)
  for (const { personId, state } of standing.reviewers) {
    const verdict = newest.get(personId)
    const approved = verdict?.verdict === 'approved' && standingOf(verdict, standing) === 'counts'
    // Nobody has to be told what they have just done themselves.
    if (state !== 'asked' || approved || personId === actor.personId || (only && !only.includes(personId)))
      continue
    await tellIn(tx, world, {
      postmortemId: postmortem.id,
      personId,
      about: { kind: 'asked', by: actor.name, dueAt: postmortem.dueAt },
      key: `asked:${postmortem.id}:${tx.now}`,
    })
  }
}

const withdrawReviewerInput = z.strictObject({ postmortemId: id, personId: id })
export type WithdrawReviewerInput = z.input<typeof withdrawReviewerInput>

/** Asks a person no longer; what they said stays, and counts no more. */
export async function withdrawReviewer(
  world: World,
  actor: Actor,
  input: WithdrawReviewerInput,
): Promise<Reviewer[]> {
  authorize(actor, 'responder')
  const { postmortemId, personId } = parseInput(withdrawReviewerInput, input)
  return world.transact(async (tx) => {
    await requireOpen(tx, postmortemId)
    if (!(await withdrawReviewerRow(tx, postmortemId, personId)))
      throw wrongState('This person is not asked to review it.')
    await postmortemReviewerWithdrawn.append(tx, world, {
      subject: postmortemId,
      actor,
      data: { postmortemId, personId },
    })
    return listReviewers(tx.db, postmortemId)
  })
}
