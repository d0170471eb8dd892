/** The words of this room; the README says what each means. */

export const POSTMORTEM_STATES = ['draft', 'in review', 'reviewed', 'closed'] as const
export type PostmortemState = (typeof POSTMORTEM_STATES)[number]

/** Why a post-mortem is in its state. */
export type PostmortemReason =
  | 'drafted-from-incident'
  | 'drafted-by-person'
  | 'imported-from-document'
  | 'changed-by-person'
  | 'all-actions-settled'
  | 'action-reopened'
  | 'overruled-by-person'

/** A post-mortem: Markdown that people write, begun from what the incident's timeline knows. */
export interface Postmortem {
  id: string
  incidentId: string | null
  title: string
  body: string
  categories: Category[]
  keywords: string[]
  state: PostmortemState
  reason: PostmortemReason
  since: number
  version: number
  /** When the draft should be sent to review, and when the review should be done; null where nobody waits. */
  draftDueAt: number | null
  dueAt: number | null
  createdAt: number
  updatedAt: number
  actionIds: string[]
}

/** The list that collections of public post-mortems use. */
export const CATEGORIES = [
  'automation',
  'cascading-failure',
  'cloud',
  'config-change',
  'hardware',
  'security',
  'time',
  'undescriptive',
] as const
export type Category = (typeof CATEGORIES)[number]

/** One text that a post-mortem had. */
export interface Revision {
  version: number
  title: string
  body: string
  actor: string
  actorName: string
  at: number
}

export const ACTION_TYPES = ['detect', 'mitigate', 'prevent', 'repair', 'process'] as const
export type ActionType = (typeof ACTION_TYPES)[number]

export const ACTION_STATES = ['open', 'claimed', 'proved', 'refuted', 'stale', 'dropped'] as const
export type ActionState = (typeof ACTION_STATES)[number]

/** What an action was proved by. */
export interface ProofOfAction {
  /** `drill`, or a kind of evidence. */
  kind: string
  /** The evidence; null for a drill, whose run the action names. */
  id: string | null
  /** Until when it holds; null where the drill is repeated. */
  until: number | null
}

/** What is to be done so that it does not happen again, and what will show that it was. */
export interface Action {
  id: string
  postmortemId: string
  title: string
  type: ActionType
  /** A person's id. */
  owner: string | null
  dueAt: number | null
  criterion: string
  drillId: string | null
  state: ActionState
  reason: string
  since: number
  claimedBy: string | null
  /** The newest run that decided it. */
  drillRunId: string | null
  /** What proved it last; null before. A witness is weaker than a drill, and is called one wherever it shows. */
  proof?: ProofOfAction | null
  createdAt: number
}
