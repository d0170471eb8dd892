import type { Reader } from '../../store/store.ts'
import type { Postmortem } from '../postmortem.ts'
import { readPostmortemSettings } from '../postmortems.rows.ts'
import { listComments, listMoves } from './comments.rows.ts'
import { type ReviewFacts, sameWords, threadsOf } from './review.rules.ts'
import type { GivenVerdict, Reviewer, Thread } from './review.ts'
import { authorsOf, listReviewers, listVerdicts, textsOf } from './reviewers.rows.ts'

/** Everything that a review is judged by. */
export interface Standing extends ReviewFacts {
  reviewers: Reviewer[]
  verdicts: GivenVerdict[]
  threads: Thread[]
}

/** How the review of a post-mortem stands. */
export async function readStanding(
  db: Reader,
  postmortem: Pick<Postmortem, 'id' | 'title' | 'body' | 'version'>,
): Promise<Standing> {
  const verdicts = await listVerdicts(db, postmortem.id)
  const texts = await textsOf(
    db,
    postmortem.id,
    verdicts.map(({ version }) => version),
  )
  const same = texts.filter((text) => sameWords(text, postmortem)).map(({ version }) => version)
  const threads = threadsOf(await listComments(db, postmortem.id), await listMoves(db, postmortem.id))
  return {
    need: (await readPostmortemSettings(db)).review.approvals,
    authors: await authorsOf(db, postmortem.id),
    reviewers: await listReviewers(db, postmortem.id),
    verdicts,
    sameText: new Set([postmortem.version, ...same]),
    threads,
    openThreads: threads.filter(({ state }) => state === 'open').length,
  }
}
