import { z } from 'zod'
import { findDocument, placeDocumentIn, removeDocumentIn } from '../../comms/index.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { recordEntryIn } from '../../incidents/index.ts'
import { notFound, wrongState } from '../../kit/errors.ts'
import { newId } from '../../kit/ids.ts'
import { parseInput } from '../../kit/parse.ts'
import { findPostmortem, listActions } from '../postmortems.rows.ts'
import { postmortemPublished, postmortemWithdrawn } from './facts.ts'
import { publicChoice, publicTextOf } from './preview-publication.ts'
import { type SectionChoice, sectionChoices } from './public-text.rules.ts'
import { insertPublication, newestPublication, type Publication } from './publications.rows.ts'

const publishPostmortemInput = publicChoice.extend({
  /** The hash of what was looked at: nothing is published that nobody has read as the public will. */
  seen: z.string().regex(/^[0-9a-f]{64}$/, 'is the "seen" of a preview'),
})
export type PublishPostmortemInput = z.input<typeof publishPostmortemInput>

/** How a post-mortem stands before the public. */
export interface PublicStanding {
  /** What stands on the status page; null where nothing does. */
  published: Publication | null
  /** What stood there before it was taken back. */
  withdrawn: Publication | null
  /** The text was changed after it was published. */
  newerText: boolean
  incidentId: string | null
  choices: SectionChoice[]
}

/** Gives the public a text of a post-mortem, in the place of the one that it had. */
export async function publishPostmortem(
  world: World,
  actor: Actor,
  input: PublishPostmortemInput,
): Promise<PublicStanding> {
  authorize(actor, 'editor')
  const { seen, ...choice } = parseInput(publishPostmortemInput, input)
  await world.transact(async (tx) => {
    const { postmortem, incident, title, body, hash } = await publicTextOf(world, tx.db, choice)
    if (hash !== seen)
      throw wrongState('The text is another one than you looked at: look at it again, and publish then.')
    const { documentId } = await placeDocumentIn(tx, world, actor, { incidentId: incident.id, title, body })
    const { version } = postmortem
    await insertPublication(tx, {
      id: newId(tx.now),
      postmortemId: postmortem.id,
      documentId,
      version,
      title,
      sections: choice.sections,
      namesKept: choice.keepNames,
      hash,
      publishedAt: tx.now,
      actor: actor.id,
      actorName: actor.name,
    })
    const fact = await postmortemPublished.append(tx, world, {
      subject: postmortem.id,
      actor,
      data: {
        postmortemId: postmortem.id,
        incidentId: incident.id,
        documentId,
        version,
        sections: choice.sections,
      },
    })
    await recordEntryIn(tx, world, actor, {
      incidentId: incident.id,
      kind: 'postmortem',
      text: `Post-mortem published on the status page: ${choice.sections.join(', ')}`,
      factSeq: fact.seq,
    })
    // The fact waited for those before it: an edit at the same moment is seen only now.
    const now = await findPostmortem(tx.db, postmortem.id)
    if (now?.version !== version)
      throw wrongState('Somebody saved another text at the same moment: look at it again.')
  })
  return readPublicStanding(world, choice.postmortemId)
}

/** Takes the post-mortem off the status page. */
export async function withdrawPostmortem(
  world: World,
  actor: Actor,
  { postmortemId }: { postmortemId: string },
): Promise<PublicStanding> {
  authorize(actor, 'editor')
  await world.transact(async (tx) => {
    const postmortem = await findPostmortem(tx.db, postmortemId)
    if (!postmortem) throw notFound('post-mortem', postmortemId)
    const newest = await newestPublication(tx.db, postmortemId)
    if (!newest || !(await removeDocumentIn(tx, world, actor, newest.documentId)))
      throw wrongState('It does not stand on the status page.')
    const incidentId = postmortem.incidentId!
    const fact = await postmortemWithdrawn.append(tx, world, {
      subject: postmortem.id,
      actor,
      data: { postmortemId, incidentId, documentId: newest.documentId },
    })
    await recordEntryIn(tx, world, actor, {
      incidentId,
      kind: 'postmortem',
      text: 'Post-mortem taken off the status page',
      factSeq: fact.seq,
    })
  })
  return readPublicStanding(world, postmortemId)
}

/** What the public reads of a post-mortem, and what it could. */
export async function readPublicStanding(world: World, postmortemId: string): Promise<PublicStanding> {
  const db = world.store.read
  const postmortem = await findPostmortem(db, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  const newest = await newestPublication(db, postmortemId)
  const document = newest && (await findDocument(db, newest.documentId))
  const published = document?.endedAt === null ? newest : null
  const hasActions = (await listActions(db, { postmortemId, limit: 1 })).length > 0
  return {
    published,
    withdrawn: published ? null : newest,
    incidentId: postmortem.incidentId,
    newerText: published !== null && published.version !== postmortem.version,
    choices: sectionChoices(postmortem.body, hasActions),
  }
}
