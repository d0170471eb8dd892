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

export interface ProofsSchema {
  drills: DrillsTable
  drill_runs: DrillRunsTable
  fault_scores: FaultScoresTable
  action_proofs: ActionProofsTable
}
