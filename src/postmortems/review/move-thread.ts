import { z } from 'zod'
import { id, text } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, wrongState } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { postmortemThreadMoved } from '../facts.ts'
import { requireOpen } from './comment.ts'
import { findThread, insertMove, listMoves } from './comments.rows.ts'
import type { ThreadMove } from './review.ts'

const moveThreadInput = z.strictObject({
  threadId: id,
  to: z.enum(['open', 'resolved']),
  reason: text.min(1).nullable().default(null),
})
export type MoveThreadInput = z.input<typeof moveThreadInput>

/** Calls a thread resolved, or opens it again. */
export async function moveThread(world: World, actor: Actor, input: MoveThreadInput): Promise<ThreadMove> {
  authorize(actor, 'responder')
  const { threadId, to, reason } = parseInput(moveThreadInput, input)
  return world.transact(async (tx) => {
    const first = await findThread(tx.db, threadId)
    if (!first) throw notFound('thread', threadId)
    const { id: postmortemId } = await requireOpen(tx, first.postmortemId)
    const newest = (await listMoves(tx.db, postmortemId)).filter((move) => move.threadId === threadId).at(-1)
    if ((newest?.state ?? 'open') === to) throw wrongState(`The thread is ${to} already.`)
    const move: ThreadMove = {
      ...{ threadId, postmortemId, reason },
      n: (newest?.n ?? 0) + 1,
      state: to,
      actor: actor.id,
      actorName: actor.name,
      at: tx.now,
    }
    if (!(await insertMove(tx, move)))
      throw wrongState('Somebody else moved it at the same moment: look again.')
    await postmortemThreadMoved.append(tx, world, {
      subject: postmortemId,
      actor,
      data: { postmortemId, threadId, to, reason },
    })
    await requireOpen(tx, postmortemId)
    return move
  })
}
