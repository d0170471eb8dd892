import type { DocumentedItem, DocumentedReview } from '../../contract/postmortem-document.ts'
import { iso, isoOrNull } from '../../kit/clock.ts'
import type { Reader } from '../../store/store.ts'

/** What was said of the text, and by whom it was reviewed. */
export async function readReview(db: Reader, postmortemId: string): Promise<DocumentedReview> {
  const comments = await db
    .selectFrom('postmortem_comments')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('id')
    .execute()
  const moves = await db
    .selectFrom('postmortem_thread_moves')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('thread_id')
    .orderBy('n')
    .execute()
  const reviewers = await db
    .selectFrom('postmortem_reviewers')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('asked_at')
    .orderBy('person_id')
    .execute()
  const verdicts = await db
    .selectFrom('postmortem_verdicts')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('id')
    .execute()
  const overrules = await db
    .selectFrom('postmortem_overrules')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('id')
    .execute()
  return {
    comments: comments.map((row) => ({
      id: row.id,
      thread: row.thread_id,
      section: row.section,
      quote: row.quote,
      version: row.version,
      text: row.text,
      by: { id: row.actor, name: row.actor_name },
      at: iso(row.at),
    })),
    threads: moves.map((row) => ({
      thread: row.thread_id,
      state: row.state,
      reason: row.reason,
      by: { id: row.actor, name: row.actor_name },
      at: iso(row.at),
    })),
    reviewers: reviewers.map((row) => ({
      person: { id: row.person_id, name: row.person_name },
      asked: row.state === 'asked',
      since: iso(row.since),
      askedBy: { id: row.asked_by, name: row.asked_by_name },
    })),
    verdicts: verdicts.map((row) => ({
      person: { id: row.person_id, name: row.person_name },
      verdict: row.verdict,
      reason: row.reason,
      version: row.version,
      at: iso(row.at),
    })),
    overrules: overrules.map((row) => ({
      version: row.version,
      blockers: row.blockers,
      reason: row.reason,
      by: { id: row.actor, name: row.actor_name },
      at: iso(row.at),
    })),
  }
}

/** What became of what went well, wrong or by luck; items of which nobody said anything are in the text, and nowhere else. */
export async function readItems(db: Reader, postmortemId: string): Promise<DocumentedItem[]> {
  const rows = await db
    .selectFrom('postmortem_items')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .where('state', '!=', 'open')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    text: row.text,
    inText: row.in_text === 1,
    state: row.state,
    reason: row.reason,
    since: iso(row.since),
    action: row.action_id,
    acceptedBy:
      row.accepted_by === null
        ? null
        : { id: row.accepted_by, name: row.accepted_by_name ?? row.accepted_by },
    acceptedUntil: isoOrNull(row.accepted_until),
  }))
}
