import { defineFact } from '../engine/facts.ts'

/** A schedule or policy was set up, changed or taken away. */
export const oncallConfigured = defineFact<{
  noun: 'schedule' | 'policy'
  id: string
  change: 'created' | 'changed' | 'removed'
}>('oncall.configured')

export const overrideCreated = defineFact<{
  overrideId: string
  scheduleId: string
  personId: string
  from: number
  until: number
  reason: string
}>('override.created')
export const overrideRemoved = defineFact<{ overrideId: string; scheduleId: string }>('override.removed')

export const escalationStarted = defineFact<{
  escalationId: string
  alertId: string
  policyId: string | null
  reason: string
}>('escalation.started')

/** A step is paged; `reached` counts the people. */
export const escalationAdvanced = defineFact<{
  escalationId: string
  alertId: string
  step: number
  stepName: string
  reason: string
  reached: number
}>('escalation.advanced')

/** A step reached nobody, and the next was taken at once. */
export const escalationReachedNobody = defineFact<{
  escalationId: string
  alertId: string
  step: number
  stepName: string
  reason: string
}>('escalation.reached-nobody')

export const escalationLastResort = defineFact<{ escalationId: string; alertId: string; reason: string }>(
  'escalation.last-resort',
)
export const escalationEnded = defineFact<{
  escalationId: string
  alertId: string
  reason: 'acknowledged' | 'resolved'
}>('escalation.ended')

export interface PageFact {
  pageId: string
  alertId: string
  personId: string
  personName: string
  channel: string
  step: number
  stepName: string
  key: string
  kind: 'page' | 'resolved'
  reason?: string
}
export const pageQueued = defineFact<PageFact>('page.queued')
export const pageSent = defineFact<PageFact>('page.sent')
export const pageFailed = defineFact<PageFact>('page.failed')
export const pageCancelled = defineFact<PageFact>('page.cancelled')

/** The independent auditor found an alert that was waiting for nothing. */
export const auditFailed = defineFact<{ alertId: string; problem: string }>('oncall.audit-failed')
