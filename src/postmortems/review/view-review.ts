import { findPerson } from '../../catalog/index.ts'
import type * as contract from '../../contract/postmortem-review.ts'
import { iso, isoOrNull } from '../../kit/clock.ts'
import { notFound } from '../../kit/errors.ts'
import type { Reader } from '../../store/store.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { findAnchor, type ReadableText, readableText } from './anchor.rules.ts'
import { readStanding, type Standing } from './read-standing.ts'
import { blockersOf, newestVerdicts, sayBlocker, standingAgainst, standingOf } from './review.rules.ts'
import type { Comment, Reviewer, Thread } from './review.ts'
import { newestOverrule } from './reviewers.rows.ts'

const PERSON = 'person:'

/** The review of a post-mortem as the outside sees it. */
export async function viewReview(db: Reader, postmortemId: string): Promise<contract.Review> {
  const postmortem = await findPostmortem(db, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  const standing = await readStanding(db, postmortem)
  const blockers = blockersOf(standing)
  const text = readableText(postmortem.body)
  const overrule = await newestOverrule(db, postmortemId)
  return {
    need: standing.need,
    have: [...newestVerdicts(standing.verdicts).values()].filter(
      (one) => one.verdict === 'approved' && standingOf(one, standing) === 'counts',
    ).length,
    version: postmortem.version,
    draftDueAt: isoOrNull(postmortem.draftDueAt),
    dueAt: isoOrNull(postmortem.dueAt),
    authors: await Promise.all(
      standing.authors.map(async (personId) => ({
        personId,
        name: (await findPerson(db, personId))?.name ?? personId,
      })),
    ),
    reviewers: standing.reviewers
      .filter(({ state }) => state === 'asked')
      .map((reviewer) => reviewerView(reviewer, standing)),
    threads: standing.threads.map((thread) => threadView(thread, text)),
    blockers: blockers.map((blocker) => ({
      kind: blocker.kind,
      text: sayBlocker(blocker),
      waivable: standingAgainst([blocker], true).length === 0,
    })),
    overruled: overrule && {
      by: overrule.actorName,
      at: iso(overrule.at),
      version: overrule.version,
      reason: overrule.reason,
      blockers: overrule.blockers.map(sayBlocker),
    },
  }
}

function reviewerView(reviewer: Reviewer, standing: Standing): contract.Reviewer {
  const said = newestVerdicts(standing.verdicts).get(reviewer.personId)
  return {
    personId: reviewer.personId,
    name: reviewer.personName,
    askedBy: reviewer.askedByName,
    askedAt: iso(reviewer.askedAt),
    told: reviewer.told,
    toldReason: reviewer.toldReason,
    said: said
      ? {
          ...{ verdict: said.verdict, reason: said.reason, version: said.version },
          at: iso(said.at),
          standing: standingOf(said, standing),
        }
      : null,
  }
}

function threadView({ first, replies, state, moved }: Thread, text: ReadableText): contract.ReviewThread {
  const anchor = findAnchor(text, first)
  return {
    ...commentView(first),
    section: first.section,
    quote: first.quote,
    anchor: {
      outcome: anchor.outcome,
      section: anchor.outcome === 'there' || anchor.outcome === 'moved' ? anchor.section : first.section,
    },
    state,
    moved: moved && { actor: moved.actorName, at: iso(moved.at), reason: moved.reason },
    replies: replies.map(commentView),
  }
}

function commentView({ id, text, version, actor, actorName, at }: Comment) {
  const personId = actor.startsWith(PERSON) ? actor.slice(PERSON.length) : null
  return { id, text, version, actor: actorName, personId, at: iso(at) }
}
