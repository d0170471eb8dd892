/** The tables of proofs/. Times are milliseconds, booleans 0 or 1, JSON is text. */

export interface DrillsTable {
  id: string
  name: string
  /** A kind of the drill registry. */
  kind: string
  monitor_id: string
  /** The action of a post-mortem that this drill proves, or null. */
  action_id: string | null
  /** JSON: as they were written. */
  settings: string
  /** How often it repeats; null where it runs only when asked. */
  every_ms: number | null
  managed_by: 'file' | 'api'
  created_at: number
  updated_at: number
  retired_at: number | null
}

export interface DrillRunsTable {
  id: string
  drill_id: string
  monitor_id: string
  /** The action that the drill named when it was asked. */
  action_id: string | null
  state: 'queued' | 'running' | 'passed' | 'failed' | 'inconclusive'
  /** Why it ran: schedule, person, action-claimed, configuration-changed. */
  cause: string
  asked_by: string
  asked_at: number
  started_at: number | null
  finished_at: number | null
  /** Why it stands where it stands: the cause while it waits, then the reason of its outcome. */
  reason: string
  summary: string | null
  /** JSON: what was done and seen. */
  evidence: string | null
}

/** The newest result of each fault against each monitor: which ways of failing would be seen today. */
export interface FaultScoresTable {
  monitor_id: string
  fault: string
  failure_class: string
  result: 'caught' | 'missed' | 'unclear'
  /** The reason of the observation. */
  reason: string
  summary: string
  run_id: string
  at: number
}

/** How far the proof of each action has come. */
export interface ActionProofsTable {
  action_id: string
  state: 'awaiting' | 'proved' | 'refuted' | 'reopened' | 'stale'
  drill_id: string
  run_id: string | null
  reason: string
  /** When a drill last said yes or no. */
  concluded_at: number | null
  proved_at: number | null
  /** 1 while the alert about the broken proof is open. */
  alerted: number
  /** When it was claimed, or moved on. */
  since: number
}

/** Incidents as cases, of the configuration or written by people; those that are shipped are not stored. */
export interface CasesTable {
  id: string
  /** JSON, in the shape of the configuration. */
  definition: string
  managed_by: 'file' | 'api'
  postmortem_id: string | null
  created_at: number
  updated_at: number
  retired_at: number | null
}

/** Append-only: a person says that a failure class cannot strike a service, or takes it back. The newest counts. */
export interface NotApplicableTable {
  id: string
  service_id: string
  failure_class: string
  /** 0 where it is taken back. */
  holds: number
  reason: string
  actor: string
  actor_name: string
  at: number
}

/** Append-only: what was given to prove an action, other than its drill, and what it was found to say. */
export interface ActionEvidenceTable {
  id: string
  action_id: string
  /** A kind of the evidence registry. */
  kind: string
  outcome: 'passed' | 'failed'
  reason: string
  summary: string
  /** JSON: what was read from it. */
  details: string
  given_by: string
  given_by_name: string
  seen_at: number
  expires_at: number
  given_at: number
}

/** A table-top exercise: a timeline that is shown piece by piece. */
export interface ExercisesTable {
  id: string
  title: string
  incident_id: string | null
  facilitator_id: string
  facilitator_name: string
  /** JSON: the steps, frozen when it was made. */
  steps: string
  state: 'gathering' | 'running' | 'ended'
  reason: string
  since: number
  /** The step that is shown; 0 before the first. */
  step: number
  step_since: number | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}

export interface ExercisePeopleTable {
  exercise_id: string
  person_id: string
  person_name: string
  joined_at: number
}

/** Append-only: what was said was said. */
export interface ExerciseAnswersTable {
  id: string
  exercise_id: string
  step: number
  question: string
  person_id: string
  person_name: string
  text: string
  /** How long after the step was shown. */
  after_ms: number
  at: number
}

export interface ProofsSchema {
  cases: CasesTable
  not_applicable: NotApplicableTable
  drills: DrillsTable
  drill_runs: DrillRunsTable
  fault_scores: FaultScoresTable
  action_proofs: ActionProofsTable
  action_evidence: ActionEvidenceTable
  exercises: ExercisesTable
  exercise_people: ExercisePeopleTable
  exercise_answers: ExerciseAnswersTable
}
