export { type Acknowledgement, acknowledgeAlert } from './acknowledge-alert.ts'
export { type AckLink, acknowledgeByLink, readAckLink } from './acknowledge-by-link.ts'
export { applyOncallConfig } from './apply-config.ts'
export {
  type AuditorHealth,
  auditEscalations,
  auditorHealth,
  type FoundProblem,
} from './audit-escalations.ts'
export {
  type OncallConfig,
  oncallConfig,
  oncallProblems,
  policyConfig,
  policySpec,
  scheduleConfig,
  scheduleSpec,
} from './config.ts'
export type { CoverageGap, GapReason } from './coverage.rules.ts'
export { type CreateOverrideInput, createOverride } from './create-override.ts'
export type { PagingMeans } from './deliver-page.ts'
export { findEscalation } from './escalation.rows.ts'
export type { Escalation, EscalationPhase, EscalationStatus } from './escalation.ts'
export {
  auditFailed,
  escalationAdvanced,
  escalationEnded,
  escalationLastResort,
  escalationReachedNobody,
  escalationStarted,
  oncallConfigured,
  overrideCreated,
  overrideRemoved,
  type PageFact,
  pageCancelled,
  pageFailed,
  pageQueued,
  pageSent,
} from './facts.ts'
export { finalSchedule, whoIsOnCall } from './final-schedule.rules.ts'
export { type NextOfAlert, nextOfAlerts } from './next-of-alerts.ts'
export { findPage, findPageByKey, listPages, pagesOfAlert } from './page.rows.ts'
export { PAGE_KIND, PAGE_STATES, type Page, type PageState } from './page.ts'
export { defaultPolicy, findPolicy, listPolicies } from './policy.rows.ts'
export { describeTarget, type Policy, type PolicySpec, type PolicyStep, type Target } from './policy.ts'
export {
  type Coverage,
  coverage,
  type NamedShift,
  type OnCall,
  onCallNow,
  readShifts,
} from './read-coverage.ts'
export { removeOverride } from './remove-override.ts'
export { resolveAlertByHand } from './resolve-alert-by-hand.ts'
export { oncallRoom } from './room.ts'
export { findSchedule, listOverrides, listSchedules } from './schedule.rows.ts'
export type { Override, Schedule, ScheduleSpec, Shift } from './schedule.ts'
