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
  /** The evidence that proved it, where that was no drill. */
  proof_id: string | null
  /** What kind of proof it is: `drill`, or a kind of evidence. */
  proved_by: string | null
  /** Until when the proof holds; null where its drill goes on saying so. */
  proof_until: number | null
  created_at: number
}

export interface PostmortemSettingsTable {
  id: string
  /** JSON. */
  value: string
}

/** Append-only: documents that post-mortems were imported from, as they were read. */
export interface PostmortemSourcesTable {
  id: string
  /** SHA-256 of the text; one document is kept once. */
  hash: string
  name: string
  format: string
  text: string
  /** JSON: what was missing or odd. */
  findings: string
  imported_at: number
  actor: string
  actor_name: string
}

/** Append-only: which incident of which document a post-mortem is, and what was read with its places. */
export interface PostmortemReadingsTable {
  postmortem_id: string
  source_id: string
  /** Counted from 0 within the document. */
  incident: number
  /** JSON. */
  reading: string
}

export interface PostmortemsSchema {
  postmortems: PostmortemsTable
  postmortem_revisions: PostmortemRevisionsTable
  postmortem_sources: PostmortemSourcesTable
  postmortem_readings: PostmortemReadingsTable
  actions: ActionsTable
  postmortem_settings: PostmortemSettingsTable
}
