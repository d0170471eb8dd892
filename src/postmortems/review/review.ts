/** The words of reviews: threads of comments, reviewers, and what stands in the way of "reviewed". */

export interface Comment {
  id: string
  postmortemId: string
  threadId: string
  /** Where the passage stands; null: the comment is about the whole. */
  section: string | null
  quote: string | null
  /** Of the text that was read. */
  version: number
  text: string
  actor: string
  actorName: string
  at: number
}

export type ThreadState = 'open' | 'resolved'

export interface ThreadMove {
  threadId: string
  n: number
  postmortemId: string
  state: ThreadState
  reason: string | null
  actor: string
  actorName: string
  at: number
}

/** A first comment with what was answered to it. */
export interface Thread {
  id: string
  first: Comment
  replies: Comment[]
  state: ThreadState
  /** The newest move; null before the first. */
  moved: ThreadMove | null
}

export const VERDICTS = ['approved', 'changes-asked'] as const
export type ReviewVerdict = (typeof VERDICTS)[number]

export interface GivenVerdict {
  id: string
  postmortemId: string
  personId: string
  personName: string
  verdict: ReviewVerdict
  reason: string
  version: number
  at: number
}

export interface Reviewer {
  postmortemId: string
  personId: string
  personName: string
  state: 'asked' | 'withdrawn'
  since: number
  askedBy: string
  askedByName: string
  askedAt: number
  told: 'no' | 'queued' | 'sent' | 'failed'
  toldReason: string
  toldAt: number | null
}

/** A review that was called done although something stood against it. */
export interface Overrule {
  id: string
  postmortemId: string
  version: number
  blockers: Blocker[]
  reason: string
  actor: string
  actorName: string
  at: number
}

/** What stands between a review and its end. */
export type Blocker =
  | { kind: 'approvals'; have: number; need: number }
  | { kind: 'changes-asked'; by: string[] }
  | { kind: 'threads'; count: number }
