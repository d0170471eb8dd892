import type { Blocker, Comment, GivenVerdict, Reviewer, Thread, ThreadMove } from './review.ts'

/** Why an approval counts, or does not. */
export type ApprovalStanding = 'counts' | 'text-changed' | 'only-author' | 'no-longer-asked'

export interface ReviewFacts {
  /** How many approvals it takes. */
  need: number
  /** Ids of the people who have written of its texts. */
  authors: readonly string[]
  reviewers: readonly Pick<Reviewer, 'personId' | 'state'>[]
  /** All that was said, the oldest first. */
  verdicts: readonly GivenVerdict[]
  /** Versions whose words are those of the newest text. */
  sameText: ReadonlySet<number>
  openThreads: number
}

/** What each person said last. */
export function newestVerdicts(verdicts: readonly GivenVerdict[]): Map<string, GivenVerdict> {
  return new Map(verdicts.map((verdict) => [verdict.personId, verdict]))
}

/** Whether what a person approved is still what the text says, and whether they may judge it. */
export function standingOf(
  { personId, version }: Pick<GivenVerdict, 'personId' | 'version'>,
  facts: Pick<ReviewFacts, 'authors' | 'reviewers' | 'sameText'>,
): ApprovalStanding {
  if (!facts.reviewers.some((one) => one.personId === personId && one.state === 'asked'))
    return 'no-longer-asked'
  if (facts.authors.length === 1 && facts.authors[0] === personId) return 'only-author'
  return facts.sameText.has(version) ? 'counts' : 'text-changed'
}

/** What stands between this review and its end; nothing, when it may end. */
export function blockersOf(facts: ReviewFacts): Blocker[] {
  const asked = new Set(facts.reviewers.filter(({ state }) => state === 'asked').map((one) => one.personId))
  const newest = [...newestVerdicts(facts.verdicts).values()].filter(({ personId }) => asked.has(personId))
  const have = newest.filter(
    (one) => one.verdict === 'approved' && standingOf(one, facts) === 'counts',
  ).length
  // Who asked for changes is answered by asking again, not by changing something else.
  const against = newest.filter(({ verdict }) => verdict === 'changes-asked').map((one) => one.personName)
  const blockers: Blocker[] = []
  if (have < facts.need) blockers.push({ kind: 'approvals', have, need: facts.need })
  if (against.length > 0) blockers.push({ kind: 'changes-asked', by: against })
  if (facts.openThreads > 0) blockers.push({ kind: 'threads', count: facts.openThreads })
  return blockers
}

/** Those that a reason cannot do away with: a policy that everybody may waive is none. */
export function standingAgainst(blockers: readonly Blocker[], overruled: boolean): Blocker[] {
  return blockers.filter(({ kind }) => kind === 'approvals' || !overruled)
}

/** A blocker as a sentence. */
export function sayBlocker(blocker: Blocker): string {
  if (blocker.kind === 'threads')
    return `${blocker.count} ${blocker.count === 1 ? 'thread is' : 'threads are'} open`
  if (blocker.kind === 'changes-asked')
    return `${blocker.by.join(', ')} ${blocker.by.length === 1 ? 'asks' : 'ask'} for changes`
  const { have, need } = blocker
  return `${have === 0 ? 'none' : have} of ${need} ${need === 1 ? 'approval' : 'approvals'} of this text given`
}

/** Comments as threads, the oldest first. */
export function threadsOf(comments: readonly Comment[], moves: readonly ThreadMove[]): Thread[] {
  const replies = Map.groupBy(comments, ({ threadId }) => threadId)
  const newest = new Map(moves.toSorted((a, b) => a.n - b.n).map((move) => [move.threadId, move]))
  return comments
    .filter(({ id, threadId }) => id === threadId)
    .map((first) => {
      const moved = newest.get(first.id) ?? null
      return {
        id: first.id,
        first,
        replies: replies.get(first.id)!.filter(({ id }) => id !== first.id),
        state: moved?.state ?? 'open',
        moved,
      }
    })
}

/** Whether two texts say the same: how they are broken and spaced does not matter. */
export function sameWords(a: { title: string; body: string }, b: { title: string; body: string }): boolean {
  const words = ({ title, body }: { title: string; body: string }) =>
    `${title}\n${body}`.replaceAll(/\s+/g, ' ').trim()
  return words(a) === words(b)
}
