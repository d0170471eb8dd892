import type { Tx } from '../../engine/world.ts'
import type { PostmortemCommentsTable, PostmortemThreadMovesTable } from '../../store/schema/postmortems.ts'
import type { Reader } from '../../store/store.ts'
import type { Comment, ThreadMove } from './review.ts'

function toComment(row: PostmortemCommentsTable): Comment {
  return {
    id: row.id,
    postmortemId: row.postmortem_id,
    threadId: row.thread_id,
    section: row.section,
    quote: row.quote,
    version: row.version,
    text: row.text,
    actor: row.actor,
    actorName: row.actor_name,
    at: row.at,
  }
}

function toMove(row: PostmortemThreadMovesTable): ThreadMove {
  return {
    threadId: row.thread_id,
    n: row.n,
    postmortemId: row.postmortem_id,
    state: row.state,
    reason: row.reason,
    actor: row.actor,
    actorName: row.actor_name,
    at: row.at,
  }
}

export async function insertComment(tx: Tx, comment: Comment): Promise<void> {
  await tx.db
    .insertInto('postmortem_comments')
    .values({
      id: comment.id,
      postmortem_id: comment.postmortemId,
      thread_id: comment.threadId,
      section: comment.section,
      quote: comment.quote,
      version: comment.version,
      text: comment.text,
      actor: comment.actor,
      actor_name: comment.actorName,
      at: comment.at,
    })
    .execute()
}

/** The comment that began a thread, or null. */
export async function findThread(db: Reader, id: string): Promise<Comment | null> {
  const row = await db
    .selectFrom('postmortem_comments')
    .selectAll()
    .where('id', '=', id)
    .whereRef('id', '=', 'thread_id')
    .executeTakeFirst()
  return row ? toComment(row) : null
}

/** Everything said of a post-mortem, the oldest first. */
export async function listComments(db: Reader, postmortemId: string): Promise<Comment[]> {
  const rows = await db
    .selectFrom('postmortem_comments')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map(toComment)
}

/** Every move of its threads. */
export async function listMoves(db: Reader, postmortemId: string): Promise<ThreadMove[]> {
  const rows = await db
    .selectFrom('postmortem_thread_moves')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('thread_id')
    .orderBy('n')
    .execute()
  return rows.map(toMove)
}

/** Writes the next move of a thread; false when somebody else wrote one of that number. */
export async function insertMove(tx: Tx, move: ThreadMove): Promise<boolean> {
  const result = await tx.db
    .insertInto('postmortem_thread_moves')
    .values({
      thread_id: move.threadId,
      n: move.n,
      postmortem_id: move.postmortemId,
      state: move.state,
      reason: move.reason,
      actor: move.actor,
      actor_name: move.actorName,
      at: move.at,
    })
    .onConflict((c) => c.columns(['thread_id', 'n']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}
