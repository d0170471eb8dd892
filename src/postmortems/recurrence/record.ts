import type { DetectedBy, Factor, Trigger } from '../../contract/learning.ts'
import type { Severity } from '../../incidents/index.ts'

export const MARK_KINDS = ['class', 'trigger', 'factor', 'service'] as const
export type MarkKind = (typeof MARK_KINDS)[number]

/** Who says it: a person, the rules that read the text, or the incident's own record. */
export type Origin = 'person' | 'text' | 'incident'

/** One thing that a record is about. */
export interface Mark {
  kind: MarkKind
  value: string
  origin: Origin
  /** The words that say so. */
  because: string
}

/** The times that a record knows of; null: not recorded. */
export interface RecordTimes {
  impactStartedAt: number | null
  /** When the first customer or user said so. */
  reportedAt: number | null
  detectedAt: number | null
  /** When somebody or something here noticed; later than detected where users noticed first. */
  noticedAt: number | null
  firstAlertAt: number | null
  declaredAt: number | null
  acknowledgedAt: number | null
  mitigatedAt: number | null
  resolvedAt: number | null
}

/** What there is to learn from one incident, whether it was run here or only written down. */
export interface LearningRecord extends RecordTimes {
  /** That of the incident; of the post-mortem where there is none. */
  id: string
  incidentId: string | null
  postmortemId: string | null
  title: string
  happenedAt: number
  severity: Severity | null
  detectedBy: { value: DetectedBy; origin: Origin; because: string } | null
  marks: Mark[]
}

/** What a person said of it, over what was read; what is left out is read again. */
export interface Judgement {
  classes?: string[] | undefined
  trigger?: Trigger | null | undefined
  factors?: Factor[] | undefined
  services?: string[] | undefined
  detectedBy?: DetectedBy | null | undefined
  reportedAt?: number | null | undefined
}
