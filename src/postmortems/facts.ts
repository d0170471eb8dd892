import { defineFact } from '../engine/facts.ts'
import type { PostmortemReason, PostmortemState } from './postmortem.ts'

/** A post-mortem was begun. */
export const postmortemDrafted = defineFact<{ postmortemId: string; incidentId: string | null }>(
  'postmortem.drafted',
)

export const postmortemEdited = defineFact<{ postmortemId: string; version: number }>('postmortem.edited')

export const postmortemStateChanged = defineFact<{
  postmortemId: string
  from: PostmortemState
  to: PostmortemState
  reason: PostmortemReason
}>('postmortem.state-changed')

export const actionCreated = defineFact<{
  actionId: string
  postmortemId: string
  title: string
  drillId: string | null
}>('action.created')

export const actionChanged = defineFact<{
  actionId: string
  postmortemId: string
  changes: { what: string; from: string | null; to: string | null }[]
}>('action.changed')

/** Somebody says that it is done; now its drill decides. */
export const actionClaimed = defineFact<{ actionId: string; by: string; drillId: string | null }>(
  'action.claimed',
)

/** A person took a claim back, or opened a dropped action again. */
export const actionTakenBack = defineFact<{ actionId: string; from: 'claimed' | 'dropped' }>(
  'action.taken-back',
)

export const actionDropped = defineFact<{ actionId: string; by: string; reason: string }>('action.dropped')

/** `by` is `drill`, or the kind of evidence. */
export const actionProved = defineFact<{ actionId: string; drillRunId: string; by: string }>('action.proved')

export const actionRefuted = defineFact<{ actionId: string; drillRunId: string; reason: string }>(
  'action.refuted',
)

/** What was proved once has failed: the lesson is lost again. */
export const actionReopened = defineFact<{ actionId: string; drillRunId: string; reason: string }>(
  'action.reopened',
)

/** The proof is older than its interval allows. */
export const actionStale = defineFact<{ actionId: string; reason: string }>('action.stale')

/** Somebody said something of a text, or answered; `threadId` is the comment's own where it begins one. */
export const postmortemCommented = defineFact<{
  postmortemId: string
  threadId: string
  commentId: string
  version: number
}>('postmortem.commented')

export const postmortemThreadMoved = defineFact<{
  postmortemId: string
  threadId: string
  to: 'open' | 'resolved'
  reason: string | null
}>('postmortem.thread-moved')

export const postmortemReviewersAsked = defineFact<{ postmortemId: string; personIds: string[] }>(
  'postmortem.reviewers-asked',
)

export const postmortemReviewerWithdrawn = defineFact<{ postmortemId: string; personId: string }>(
  'postmortem.reviewer-withdrawn',
)

export const postmortemReviewGiven = defineFact<{
  postmortemId: string
  personId: string
  verdict: 'approved' | 'changes-asked'
  reason: string
  version: number
}>('postmortem.review-given')

/** A review was called done although something stood against it. */
export const postmortemOverruled = defineFact<{
  postmortemId: string
  version: number
  blockers: string[]
  reason: string
}>('postmortem.overruled')

/** People were reminded of a draft or a review; nobody, where nobody could be found. */
export const postmortemReminded = defineFact<{
  postmortemId: string
  what: 'draft' | 'review'
  reason: string
  lateMs: number
  personIds: string[]
}>('postmortem.reminded')

/** Whether a message about a post-mortem reached a person. */
export const postmortemTold = defineFact<{
  postmortemId: string
  personId: string
  about: string
  result: 'sent' | 'failed'
  reason: string
}>('postmortem.told')

/** What went well, wrong or by luck became an action. */
export const postmortemItemActed = defineFact<{ postmortemId: string; itemId: string; actionId: string }>(
  'postmortem.item-acted',
)

export const postmortemLuckAccepted = defineFact<{
  postmortemId: string
  itemId: string
  by: string
  until: number
  reason: string
}>('postmortem.luck-accepted')

/** A risk that luck showed is in another state: nobody looks after it any more, an action does, or a proof. */
export const postmortemLuckMoved = defineFact<{
  postmortemId: string
  itemId: string
  from: string
  to: string
  reason: string
}>('postmortem.luck-moved')
