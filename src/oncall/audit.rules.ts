import type { AlertState } from '../alerts/index.ts'
import { MINUTE } from '../kit/duration.ts'
import type { EscalationStatus } from './escalation.ts'

/** What the auditor sees of one unresolved alert, read apart from the code that escalates. */
export interface AuditedAlert {
  state: AlertState
  silenced: boolean
  /** When the alert last changed: its fact may not have been heard yet. */
  changedAt: number
  escalation: { status: EscalationStatus; waitingUntil: number | null } | null
  /** When its timer fires, or null when none is set. */
  timerDueAt: number | null
  /** Its pages that are queued or being handed over. */
  pendingPages: number
}

export type AuditProblem =
  | 'no-escalation'
  | 'escalation-stopped'
  | 'waits-for-nothing'
  | 'timer-overdue'
  | 'acknowledgement-forgotten'

export type AuditReason =
  | AuditProblem
  | 'silenced'
  | 'acknowledged'
  | 'just-changed'
  | 'will-escalate'
  | 'being-paged'

export interface AuditVerdict {
  outcome: 'good' | 'problem'
  reason: AuditReason
}

/** How long a fact may take to be heard, and a due timer to fire. */
export const AUDIT_GRACE = MINUTE

const good = (reason: AuditReason): AuditVerdict => ({ outcome: 'good', reason })
const problem = (reason: AuditProblem): AuditVerdict => ({ outcome: 'problem', reason })

/** Whether an unresolved alert is on its way to a human. */
export function auditAlert(alert: AuditedAlert, now: number): AuditVerdict {
  const { escalation, timerDueAt } = alert
  if (now - alert.changedAt < AUDIT_GRACE) return good('just-changed')
  if (alert.state === 'acknowledged') {
    const awaited = escalation?.status === 'acknowledged' && escalation.waitingUntil !== null
    if (awaited && (timerDueAt === null || timerDueAt < now - AUDIT_GRACE))
      return problem('acknowledgement-forgotten')
    return good('acknowledged')
  }
  if (alert.silenced) return good('silenced')
  if (!escalation) return problem('no-escalation')
  if (escalation.status !== 'running') return problem('escalation-stopped')
  if (timerDueAt === null) return alert.pendingPages > 0 ? good('being-paged') : problem('waits-for-nothing')
  return timerDueAt < now - AUDIT_GRACE ? problem('timer-overdue') : good('will-escalate')
}

/** How often the auditor looks: each minute while there is something to look at, else only to show that it can. */
export function auditInterval(unresolved: number): number {
  return unresolved > 0 ? MINUTE : 10 * MINUTE
}

/** Whether the auditor itself has fallen silent. */
export function auditorIsLate(lastRunAt: number | null, unresolved: number, now: number): boolean {
  return lastRunAt === null || now - lastRunAt > 2 * auditInterval(unresolved) + AUDIT_GRACE
}
