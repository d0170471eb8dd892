import { z } from 'zod'
import { id, name } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { postmortemEdited } from './facts.ts'
import { CATEGORIES, type Postmortem } from './postmortem.ts'
import { findPostmortem, insertRevision, updateText } from './postmortems.rows.ts'
import { tellOfEditIn } from './review/tell-of-edit.ts'

const editPostmortemInput = z.strictObject({
  postmortemId: id,
  /** The version that was read; the edit is refused when it is no longer the newest. */
  version: z.number().int().positive(),
  title: name,
  body: z.string().max(200_000),
  categories: z.array(z.enum(CATEGORIES)).max(CATEGORIES.length).optional(),
  keywords: z.array(name).max(50).optional(),
})
export type EditPostmortemInput = z.input<typeof editPostmortemInput>

/** Saves title and text; every earlier text stays as a revision. */
export async function editPostmortem(
  world: World,
  actor: Actor,
  input: EditPostmortemInput,
): Promise<Postmortem> {
  authorize(actor, 'responder')
  const given = parseInput(editPostmortemInput, input)
  return world.transact(async (tx) => {
    const postmortem = await findPostmortem(tx.db, given.postmortemId)
    if (!postmortem) throw notFound('post-mortem', given.postmortemId)
    const refuseClosed = ({ state }: Postmortem) => {
      if (state === 'closed') throw wrongState('The post-mortem is closed: take it back to reviewed first.')
    }
    refuseClosed(postmortem)
    const { title, body, categories = postmortem.categories, keywords = postmortem.keywords } = given
    if (!(await updateText(tx, postmortem.id, given.version, { title, body, categories, keywords }))) {
      const newest = (await findPostmortem(tx.db, postmortem.id))!.version
      throw wrongState(
        `Somebody saved version ${newest} after the version ${given.version} that you edited: read it, and save again.`,
      )
    }
    const version = given.version + 1
    await insertRevision(tx, postmortem.id, {
      version,
      title,
      body,
      actor: actor.id,
      actorName: actor.name,
      at: tx.now,
    })
    await postmortemEdited.append(tx, world, {
      subject: postmortem.id,
      actor,
      data: { postmortemId: postmortem.id, version },
    })
    const saved = (await findPostmortem(tx.db, postmortem.id))!
    await tellOfEditIn(tx, world, actor, saved)
    // The fact waited for those before it: a closing at the same moment is seen only now.
    refuseClosed(saved)
    return saved
  })
}
