/** What is done so that actions get done. Times are milliseconds, booleans 0 or 1, JSON is text. */

/** Who a document named as the owner, in its own words. */
export interface ActionWrittenOwnersTable {
  action_id: string
  written: string
}

/** The vendor or the other team that an action is with. */
export interface ActionCounterpartsTable {
  action_id: string
  kind: 'vendor' | 'team'
  name: string
  /** Their ticket, or its address. */
  reference: string | null
  since: number
}

/** Append-only: every date that they promised. */
export interface ActionPromisesTable {
  id: string
  action_id: string
  /** Who promised: the name of the counterpart at that time. */
  counterpart: string
  promised_at: number
  note: string
  actor: string
  actor_name: string
  at: number
}

/** From when on the present due date and promise are chased. */
export interface ActionChasesTable {
  action_id: string
  due_at: number | null
  due_from: number
  promised_at: number | null
  promise_from: number
}

/** A reminder of one action to one person. */
export interface ActionNoticesTable {
  id: string
  /** Names action, reason, date and person: the same reason is never told twice. */
  key: string
  action_id: string
  person_id: string
  reason: string
  /** The date, or the change of state, that it is about. */
  about_at: number
  state: 'waiting' | 'queued' | 'sent' | 'failed' | 'dropped'
  /** The message that it goes out with. */
  batch: string | null
  channel: string | null
  detail: string
  created_at: number
  settled_at: number | null
}

/** The issue of an action in a tracker. */
export interface ActionIssuesTable {
  action_id: string
  /** The name of the tracker in the configuration. */
  tracker: string
  project: string
  /** Null until it has been created. */
  number: string | null
  url: string | null
  title: string | null
  issue_state: 'open' | 'closed' | null
  closed_at: number | null
  etag: string | null
  looked_at: number | null
  /** When it was first tried to create it. */
  attempted_at: number | null
  /** The synchronization that is under way. */
  flight: string | null
  /** Whether something came meanwhile, so that another one follows. */
  again: number
  /** How many attempts in a row failed. */
  failures: number
  failure: string | null
  failure_detail: string | null
  failed_at: number | null
  next_at: number | null
  asked_by: string
  asked_by_name: string
  asked_at: number
}

/** What is still to be said in the tracker, and what was. */
export interface ActionIssueNotesTable {
  id: string
  key: string
  action_id: string
  /** JSON. */
  said: string
  wanted: 'open' | 'closed' | null
  state: 'waiting' | 'told' | 'dropped'
  attempts: number
  created_at: number
  settled_at: number | null
}

/** A tracker that asked not to be asked for a while, or that does not let us in. */
export interface TrackerStandingsTable {
  tracker: string
  paused_until: number
  reason: string
  detail: string
  at: number
}

/** Bodies of webhooks that were heard, by their SHA-256. */
export interface TrackerDeliveriesTable {
  tracker: string
  digest: string
  at: number
}

export interface ActionFollowUpSchema {
  action_written_owners: ActionWrittenOwnersTable
  action_counterparts: ActionCounterpartsTable
  action_promises: ActionPromisesTable
  action_chases: ActionChasesTable
  action_notices: ActionNoticesTable
  action_issues: ActionIssuesTable
  action_issue_notes: ActionIssueNotesTable
  tracker_standings: TrackerStandingsTable
  tracker_deliveries: TrackerDeliveriesTable
}
