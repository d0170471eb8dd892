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
