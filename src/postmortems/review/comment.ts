import { z } from 'zod'
import { id, text } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { newId } from '../../kit/ids.ts'
import { parseInput } from '../../kit/parse.ts'
import { postmortemCommented } from '../facts.ts'
import type { Postmortem } from '../postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { findAnchor } from './anchor.rules.ts'
import { findThread, insertComment } from './comments.rows.ts'
import type { Comment } from './review.ts'

const said = text.min(1, 'write something')

const commentInput = z.strictObject({
  postmortemId: id,
  /** The version that was read. */
  version: z.number().int().positive(),
  section: z.string().trim().min(1).max(200).nullable().default(null),
  /** A passage as it reads, without Markdown's signs; null for a comment on the section or on the whole. */
  quote: z.string().trim().min(1).max(2_000).nullable().default(null),
  text: said,
})
export type CommentInput = z.input<typeof commentInput>

/** Says something of a text, or of a passage in it: the beginning of a thread. */
export async function commentOnPostmortem(world: World, actor: Actor, input: CommentInput): Promise<Comment> {
  authorize(actor, 'responder')
  const given = parseInput(commentInput, input)
  return world.transact(async (tx) => {
    const postmortem = await requireOpen(tx, given.postmortemId)
    if (given.version > postmortem.version)
      throw new TocsinError('invalid-input', `There is no version ${given.version} yet.`, [
        { path: 'version', message: `the newest is ${postmortem.version}` },
      ])
    const anchor = findAnchor(postmortem.body, given)
    // Whoever read the newest text can only mean what stands in it.
    if (anchor.outcome === 'lost' && given.version === postmortem.version)
      throw new TocsinError('invalid-input', 'This passage does not stand in the text.', [
        anchor.reason === 'section-gone'
          ? { path: 'section', message: 'there is no such section' }
          : { path: 'quote', message: 'does not stand in the text', remedy: 'Quote it as it reads.' },
      ])
    const section = anchor.outcome === 'there' || anchor.outcome === 'moved' ? anchor.section : given.section
    const commentId = newId(tx.now)
    return write(tx, world, actor, { ...given, section, id: commentId, threadId: commentId })
  })
}

const replyInput = z.strictObject({ threadId: id, text: said })
export type ReplyInput = z.input<typeof replyInput>

/** Answers to a thread. */
export async function replyToThread(world: World, actor: Actor, input: ReplyInput): Promise<Comment> {
  authorize(actor, 'responder')
  const given = parseInput(replyInput, input)
  return world.transact(async (tx) => {
    const first = await findThread(tx.db, given.threadId)
    if (!first) throw notFound('thread', given.threadId)
    const { version } = await requireOpen(tx, first.postmortemId)
    return write(tx, world, actor, {
      postmortemId: first.postmortemId,
      threadId: first.id,
      id: newId(tx.now),
      section: null,
      quote: null,
      version,
      text: given.text,
    })
  })
}

async function write(
  tx: Tx,
  world: World,
  actor: Actor,
  said: Omit<Comment, 'actor' | 'actorName' | 'at'>,
): Promise<Comment> {
  const comment: Comment = { ...said, actor: actor.id, actorName: actor.name, at: tx.now }
  await insertComment(tx, comment)
  const { postmortemId, threadId, id: commentId, version } = comment
  await postmortemCommented.append(tx, world, {
    subject: postmortemId,
    actor,
    data: { postmortemId, threadId, commentId, version },
  })
  // The fact waited for those before it: a closing at the same moment is seen only now.
  await requireOpen(tx, postmortemId)
  return comment
}

/** What is closed is not discussed any more. */
export async function requireOpen(tx: Tx, postmortemId: string): Promise<Postmortem> {
  const postmortem = await findPostmortem(tx.db, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  if (postmortem.state === 'closed')
    throw wrongState('The post-mortem is closed: take it back to reviewed first.')
  return postmortem
}
