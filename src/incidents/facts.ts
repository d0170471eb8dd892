import { defineFact } from '../engine/facts.ts'
import type { Detection, IncidentState, LinkKind, Severity, StateReason } from './incident.ts'

/** An incident was declared, by a rule or by a person. */
export const incidentOpened = defineFact<{
  incidentId: string
  title: string
  severity: Severity
  serviceIds: string[]
  alertId: string | null
  detection: Detection
  by: string
}>('incident.opened')

export const incidentStateChanged = defineFact<{
  incidentId: string
  from: IncidentState
  to: IncidentState
  reason: StateReason
  reopened: number
}>('incident.state-changed')

export const incidentSeverityChanged = defineFact<{ incidentId: string; from: Severity; to: Severity }>(
  'incident.severity-changed',
)

/** `personId` null: the role was laid down. */
export const incidentRoleAssigned = defineFact<{
  incidentId: string
  role: string
  personId: string | null
  personName: string | null
}>('incident.role-assigned')

export const incidentNoted = defineFact<{ incidentId: string; entryId: string; corrects: string | null }>(
  'incident.noted',
)

/** Title, services, way of detection or recorded times were changed by a person. */
export const incidentChanged = defineFact<{
  incidentId: string
  changes: { what: string; from: string | null; to: string | null }[]
}>('incident.changed')

export const incidentAlertJoined = defineFact<{ incidentId: string; alertId: string; reopens: boolean }>(
  'incident.alert-joined',
)

export const incidentsLinked = defineFact<{ incidentId: string; toId: string; kind: LinkKind }>(
  'incident.linked',
)
