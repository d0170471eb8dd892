/** The tables of postmortems/. Times are milliseconds, booleans 0 or 1, JSON is text. */
import type { Generated } from 'kysely'

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
  /** When it should be sent to review; null where nobody waits for it. */
  draft_due_at: Generated<number | null>
  /** Of the text from which its items were read; 0 where none was. */
  items_version: Generated<number>
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

/** Append-only: what was said of a text. The first of a thread has the thread's id as its own. */
export interface PostmortemCommentsTable {
  id: string
  postmortem_id: string
  thread_id: string
  /** Where the passage stands; null where it is about the whole. */
  section: string | null
  quote: string | null
  /** Of the text that was read. */
  version: number
  text: string
  actor: string
  actor_name: string
  at: number
}

/** Append-only: a thread is what its newest move says, open before the first. */
export interface PostmortemThreadMovesTable {
  thread_id: string
  /** Counted from 1; the key keeps two people from moving it at once. */
  n: number
  postmortem_id: string
  state: 'open' | 'resolved'
  reason: string | null
  actor: string
  actor_name: string
  at: number
}

export interface PostmortemReviewersTable {
  postmortem_id: string
  person_id: string
  person_name: string
  state: 'asked' | 'withdrawn'
  since: number
  asked_by: string
  asked_by_name: string
  asked_at: number
  /** Whether the newest message reached them. */
  told: 'no' | 'queued' | 'sent' | 'failed'
  told_reason: string
  told_at: number | null
}

/** Append-only: what reviewers said. */
export interface PostmortemVerdictsTable {
  id: string
  postmortem_id: string
  person_id: string
  person_name: string
  verdict: 'approved' | 'changes-asked'
  reason: string
  version: number
  at: number
}

/** Append-only: reviews that were called done although something stood against it. */
export interface PostmortemOverrulesTable {
  id: string
  postmortem_id: string
  version: number
  /** JSON: what stood against it. */
  blockers: string
  reason: string
  actor: string
  actor_name: string
  at: number
}

/** What went well, wrong or by luck, as the text has it. */
export interface PostmortemItemsTable {
  id: string
  postmortem_id: string
  kind: 'well' | 'wrong' | 'lucky'
  text: string
  position: number
  /** 0 once the text no longer has it; what became of it stays. */
  in_text: number
  /** Of luck, whether the risk is looked after. */
  state: 'open' | 'accepted' | 'has-action' | 'proved'
  reason: string
  since: number
  action_id: string | null
  accepted_by: string | null
  accepted_by_name: string | null
  accepted_until: number | null
  created_at: number
}

/** Append-only: what a post-mortem brought along from the Tocsin that exported it. */
export interface PostmortemOriginsTable {
  postmortem_id: string
  /** Of the file. */
  name: string
  /** JSON: the document as it came. */
  document: string
  /** JSON: what was made of it here, so that a later change can be told from it. */
  made: string
  imported_at: number
  actor: string
  actor_name: string
}

/** Append-only: which text of a post-mortem the public was given, and which parts of it. */
export interface PostmortemPublicationsTable {
  id: string
  postmortem_id: string
  /** Of comms/: whether it still stands is known there. */
  document_id: string
  /** Of the text. */
  version: number
  title: string
  /** JSON array. */
  sections: string
  /** JSON array: names from inside that were let through. */
  names_kept: string
  /** SHA-256 of what became public. */
  hash: string
  published_at: number
  actor: string
  actor_name: string
}

export interface PostmortemsSchema {
  postmortem_origins: PostmortemOriginsTable
  postmortem_publications: PostmortemPublicationsTable
  postmortems: PostmortemsTable
  postmortem_comments: PostmortemCommentsTable
  postmortem_thread_moves: PostmortemThreadMovesTable
  postmortem_reviewers: PostmortemReviewersTable
  postmortem_verdicts: PostmortemVerdictsTable
  postmortem_overrules: PostmortemOverrulesTable
  postmortem_items: PostmortemItemsTable
  postmortem_revisions: PostmortemRevisionsTable
  postmortem_sources: PostmortemSourcesTable
  postmortem_readings: PostmortemReadingsTable
  actions: ActionsTable
  postmortem_settings: PostmortemSettingsTable
}
