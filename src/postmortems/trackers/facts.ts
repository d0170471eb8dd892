import { defineFact } from '../../engine/facts.ts'

/** Somebody asked for an issue, or linked one that was there. */
export const actionIssueAsked = defineFact<{
  actionId: string
  tracker: string
  project: string
  /** Null where it is to be created. */
  number: string | null
}>('action.issue-asked')

/** The issue of an action is known from now on. */
export const actionIssueLinked = defineFact<{
  actionId: string
  tracker: string
  number: string
  url: string
  /** `found`: an earlier attempt had created it, and did not live to say so. */
  how: 'created' | 'found' | 'linked'
}>('action.issue-linked')

export const actionIssueUnlinked = defineFact<{ actionId: string; tracker: string; number: string | null }>(
  'action.issue-unlinked',
)

/** The issue was closed or opened in the tracker. */
export const actionIssueMoved = defineFact<{
  actionId: string
  tracker: string
  number: string
  to: 'open' | 'closed'
  /** What follows for the action. */
  effect: string
}>('action.issue-moved')

/** The tracker can be spoken to again. */
export const actionIssueMended = defineFact<{ actionId: string; tracker: string; after: string }>(
  'action.issue-mended',
)

/** The tracker cannot be spoken to about this action; written once for each new reason. */
export const actionIssueFailed = defineFact<{
  actionId: string
  tracker: string
  reason: string
  detail: string
}>('action.issue-failed')
