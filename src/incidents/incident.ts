/** The words of this room; the README says what each means. */

export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const
export type Severity = (typeof SEVERITIES)[number]

export const INCIDENT_STATES = ['declared', 'mitigated', 'believed-resolved', 'resolved', 'closed'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

/** States in which an alert of the same service joins instead of opening another incident. */
export const OPEN_STATES: readonly IncidentState[] = ['declared', 'mitigated', 'believed-resolved']

/** Why an incident is in its state. */
export const STATE_REASONS = [
  'opened-by-rule',
  'opened-by-person',
  'changed-by-person',
  'all-alerts-resolved',
  'watch-period-passed',
  'alert-opened-again',
] as const
export type StateReason = (typeof STATE_REASONS)[number]

export const DETECTIONS = ['monitor', 'person', 'customer'] as const
export type Detection = (typeof DETECTIONS)[number]

/** How one incident hangs together with another. */
export const LINK_KINDS = ['caused-while-resolving', 'same-trigger', 'masked-by', 'duplicate-of'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

/** What a timeline entry tells of. */
export const ENTRY_KINDS = [
  'verdict',
  'alert',
  'acknowledgement',
  'page',
  'escalation',
  'state',
  'severity',
  'role',
  'change',
  'link',
  'note',
  'update',
  'postmortem',
  'action',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** An alert that belongs to an incident. */
export interface LinkedAlert {
  alertId: string
  serviceId: string | null
  monitorId: string | null
  severity: 'critical' | 'warning'
  title: string
  openedAt: number
  acknowledgedAt: number | null
  resolvedAt: number | null
}

export interface RoleHolder {
  role: string
  personId: string
  name: string
  assignedAt: number
}

export interface IncidentLink {
  kind: LinkKind
  /** `to` reads "this one was caused while resolving that one"; `from` the other way round. */
  direction: 'to' | 'from'
  incidentId: string
}

export interface Incident {
  id: string
  title: string
  severity: Severity
  state: IncidentState
  reason: StateReason
  since: number
  detection: Detection
  impactStartedAt: number | null
  detectedAt: number | null
  declaredAt: number
  acknowledgedAt: number | null
  mitigatedAt: number | null
  resolvedAt: number | null
  closedAt: number | null
  openedBy: string
  openedByName: string
  reopened: number
  updatedAt: number
  serviceIds: string[]
  alerts: LinkedAlert[]
  roles: RoleHolder[]
  links: IncidentLink[]
}

/** An incident without what may be long: a storm puts thousands of alerts to one. */
export type IncidentHead = Omit<Incident, 'alerts' | 'roles' | 'links'>

export interface TimelineEntry {
  id: string
  incidentId: string
  /** When it became true. */
  happenedAt: number
  /** When it was written down. */
  writtenAt: number
  kind: EntryKind
  text: string
  actor: string
  actorName: string
  factSeq: number | null
  corrects: string | null
}
