/** running: somebody is being woken · silenced, acknowledged: resting · ended: the alert is resolved. */
export type EscalationStatus = 'running' | 'silenced' | 'acknowledged' | 'ended'

/** How far up: the policy's steps, its last resort, or the administrators where even that reaches nobody. */
export type EscalationPhase = 'steps' | 'last-resort' | 'administrators'

/** What the state machine knows of itself. */
export interface Standing {
  status: EscalationStatus
  phase: EscalationPhase
  /** How often the steps have been gone through, from 0. */
  round: number
  /** The step in force, from 0; the number of steps in later phases. */
  step: number
  /** Counts the times somebody was paged: part of the key of each page. */
  paging: number
  /** When the timer fires; null where nothing is waited for. */
  waitingUntil: number | null
}

/** Where an alert stands on its way to a human. */
export interface Escalation extends Standing {
  id: string
  alertId: string
  policyId: string | null
  /** Why it stands where it does. */
  reason: string
  startedAt: number
  changedAt: number
  endedAt: number | null
  endReason: string | null
  version: number
}
