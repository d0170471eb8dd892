import { z } from 'zod'
import { id, text } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { TocsinError, wrongState } from '../../kit/errors.ts'
import { newId } from '../../kit/ids.ts'
import { parseInput } from '../../kit/parse.ts'
import { postmortemReviewGiven } from '../facts.ts'
import { requireOpen } from './comment.ts'
import { readStanding } from './read-standing.ts'
import { type GivenVerdict, VERDICTS } from './review.ts'
import { insertVerdict } from './reviewers.rows.ts'
import { tellIn } from './tell.ts'

const giveVerdictInput = z.strictObject({
  postmortemId: id,
  verdict: z.enum(VERDICTS),
  /** The version that was read. */
  version: z.number().int().positive(),
  reason: text.default(''),
})
export type GiveVerdictInput = z.input<typeof giveVerdictInput>

/** A reviewer approves the text, or says what must change. */
export async function giveVerdict(
  world: World,
  actor: Actor,
  input: GiveVerdictInput,
): Promise<GivenVerdict> {
  authorize(actor, 'responder')
  const { postmortemId, verdict, version, reason } = parseInput(giveVerdictInput, input)
  const { personId } = actor
  if (personId === null)
    throw new TocsinError('forbidden', 'A review is the word of a person: sign in, a token does not do.')
  if (verdict === 'changes-asked' && reason === '')
    throw new TocsinError('invalid-input', 'reason: say what must change.', [
      { path: 'reason', message: 'Say what must change.' },
    ])
  return world.transact(async (tx) => {
    const allow = async () => {
      const postmortem = await requireOpen(tx, postmortemId)
      if (postmortem.state !== 'in review')
        throw wrongState(`It is ${postmortem.state}: only what is in review is approved or sent back.`)
      if (postmortem.version !== version)
        throw wrongState(
          `You read version ${version}, and it is ${postmortem.version} by now: read it again.`,
        )
      const standing = await readStanding(tx.db, postmortem)
      if (!standing.reviewers.some((one) => one.personId === personId && one.state === 'asked'))
        throw wrongState('You are not asked to review it: add yourself to the reviewers first.')
      if (verdict === 'approved' && standing.authors.length === 1 && standing.authors[0] === personId)
        throw wrongState('You alone wrote this text: somebody else has to approve it.')
      return standing
    }
    const { authors } = await allow()
    const given: GivenVerdict = {
      id: newId(tx.now),
      ...{ postmortemId, personId, verdict, reason, version },
      personName: actor.name,
      at: tx.now,
    }
    await insertVerdict(tx, given)
    await postmortemReviewGiven.append(tx, world, {
      subject: postmortemId,
      actor,
      data: { postmortemId, personId, verdict, reason, version },
    })
    for (const author of authors)
      if (author !== personId)
        await tellIn(tx, world, {
          postmortemId,
          personId: author,
          about: { kind: 'verdict', by: actor.name, verdict, reason },
          key: `verdict:${given.id}`,
        })
    // The fact waited for those before it: an edit at the same moment is seen only now.
    await allow()
    return given
  })
}
