/** The tables of postmortems/. Times are milliseconds, booleans 0 or 1, JSON is text. */

export interface PostmortemsTable {
  id: string
  /** Null for a post-mortem of something before Tocsin. */
  incident_id: string | null
  title: string
  body: string
  /** JSON arrays. */
  categories: string
  keywords: string
  state: 'draft' | 'in review' | 'reviewed' | 'closed'
  /** Why it is in this state, from a closed set. */
  reason: string
  since: number
  /** Counts edits, for optimistic locking. */
  version: number
  due_at: number | null
  created_at: number
  updated_at: number
}

/** Append-only: every text that it ever had. */
export interface PostmortemRevisionsTable {
  postmortem_id: string
  version: number
  title: string
  body: string
  actor: string
  actor_name: string
  at: number
}

export interface ActionsTable {
  id: string
  postmortem_id: string
  title: string
  type: 'detect' | 'mitigate' | 'prevent' | 'repair' | 'process'
  owner: string | null
  due_at: number | null
  /** What must be shown, written before the work. */
  criterion: string
  drill_id: string | null
  state: 'open' | 'claimed' | 'proved' | 'refuted' | 'stale' | 'dropped'
  /** Why it is in this state. */
  reason: string
  since: number
  claimed_by: string | null
  /** The newest run that decided it. */
  drill_run_id: string | null
  created_at: number
}

export interface PostmortemSettingsTable {
  id: string
  /** JSON. */
  value: string
}

export interface PostmortemsSchema {
  postmortems: PostmortemsTable
  postmortem_revisions: PostmortemRevisionsTable
  actions: ActionsTable
  postmortem_settings: PostmortemSettingsTable
}
