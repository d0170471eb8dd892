import type { Span } from './placed-text.ts'

/** A value with where it stands in the source text and how sure the importer is of it. */
export interface Found<T> {
  value: T
  span: Span
  /** 0 to 1. */
  confidence: number
  /** Where its parts stand, when it is put together of several: other text may stand between them. */
  places?: Span[]
}

export const SECTION_KINDS = [
  'summary',
  'impact',
  'trigger',
  'rootCause',
  'contributing',
  'detection',
  'resolution',
  'lessons',
] as const
export type SectionKind = (typeof SECTION_KINDS)[number]

export const LIST_KINDS = ['wentWell', 'wentWrong', 'lucky'] as const
export type ListKind = (typeof LIST_KINDS)[number]

/** What an entry of a timeline says of the incident's life. */
export type Moment = 'started' | 'detected' | 'acknowledged' | 'communicated' | 'mitigated' | 'resolved'

export interface ReadEntry {
  /** ISO 8601 to the minute, or a day; the place is that of the clock time. Null: the document gives no time. */
  at: Found<string> | null
  end: Found<string> | null
  approx: boolean
  /** Where the date stands, when the entry itself has none. */
  dateFrom: Span | null
  text: Found<string>
  moment: Found<Moment> | null
}

export type ReadStatus = 'done' | 'in_progress' | 'open'

export interface ReadAction {
  text: Found<string>
  status: Found<ReadStatus> | null
  owner: Found<string> | null
  due: Found<string> | null
  tickets: Found<string>[]
}

/** One incident of a document. */
export interface ReadIncident {
  title: Found<string> | null
  sections: Partial<Record<SectionKind, Found<string>>>
  timeline: ReadEntry[]
  wentWell: Found<string>[]
  wentWrong: Found<string>[]
  lucky: Found<string>[]
  actions: ReadAction[]
  references: Found<string>[]
  severity: Found<string> | null
  /** The part of the source that tells of it. */
  span: Span
}

export const FINDING_CODES = [
  'nothing-found',
  'no-title',
  'no-summary',
  'no-root-cause',
  'no-timeline',
  'no-start-time',
  'no-detection-time',
  'no-end-time',
  'no-actions',
  'action-without-owner',
  'actions-without-owner',
  'time-out-of-order',
  'time-without-date',
  'date-guessed',
  'date-without-year',
  'date-ambiguous',
  'zone-not-stated',
  'zone-against-daylight-saving',
  'doubled-lines',
  'doubled-entries',
  'contradiction',
  'template-text',
  'encoding',
  'cut-short',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

/** Something missing or odd, for a person to look at. */
export interface Finding {
  code: FindingCode
  message: string
  /** Null for what is missing. */
  span: Span | null
  /** Which incident it is about; null: the document. */
  incident: number | null
}

/** What was read. Every span counts in `source`. */
export interface Reading {
  format: string
  /** The text that was read: the file itself, or what a person would see of it (a mail decoded, a PDF's text). */
  source: string
  incidents: ReadIncident[]
  findings: Finding[]
}
