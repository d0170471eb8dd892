/** The tables of postmortems/ for search and for what recurs. All of them can be made anew from the other tables. */

import type { Generated } from 'kysely'

/** One row for each thing that is searched. The index beside it belongs to the database: FTS5, or a tsvector. */
export interface SearchDocumentsTable {
  /** Given by the database. */
  doc: Generated<number>
  kind: 'post-mortem' | 'incident' | 'case' | 'action' | 'update' | 'entry'
  /** The id of the thing. */
  ref: string
  /** The learning record that it belongs to; null where it belongs to none. */
  record_id: string | null
  at: number
  title: string
  body: string
}

/** One row for each incident run here, and each post-mortem of one that was not. */
export interface LearningRecordsTable {
  /** The id of the incident; of the post-mortem where there is none. */
  id: string
  incident_id: string | null
  postmortem_id: string | null
  title: string
  happened_at: number
  /** Year × 12 + month, counted from 0, in UTC. */
  month: number
  severity: 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4' | null
  detected_by: string | null
  detected_by_origin: string
  detected_by_because: string
  impact_started_at: number | null
  /** When the first customer or user said so. */
  reported_at: number | null
  detected_at: number | null
  /** When somebody or something here noticed, where the detection was the report of a user. */
  noticed_at: number | null
  first_alert_at: number | null
  declared_at: number | null
  acknowledged_at: number | null
  mitigated_at: number | null
  resolved_at: number | null
  /** How many words of it are kept for the search of similar ones. */
  words: number
}

/** What a record is about. */
export interface LearningMarksTable {
  record_id: string
  kind: 'class' | 'trigger' | 'factor' | 'service'
  value: string
  origin: 'person' | 'text' | 'incident'
  /** The words that say so. */
  because: string
}

/** The words that tell one record from the others. */
export interface LearningWordsTable {
  word: string
  record_id: string
  count: number
}

/** What people said of a record, over what was read from its text. */
export interface LearningJudgementsTable {
  record_id: string
  /** JSON. */
  judgement: string
  actor: string
  actor_name: string
  at: number
}

/** Records that changed since they were last read; written by the database, in the transaction of the change. */
export interface LearningDueTable {
  seq: Generated<number>
  record_id: string
}

export interface LearningSchema {
  search_documents: SearchDocumentsTable
  learning_records: LearningRecordsTable
  learning_marks: LearningMarksTable
  learning_words: LearningWordsTable
  learning_judgements: LearningJudgementsTable
  learning_due: LearningDueTable
}
