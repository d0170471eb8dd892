export { type AddNoteInput, addNote } from './add-note.ts'
export { applyIncidentsConfig } from './apply-incidents-config.ts'
export { type AssignRoleInput, assignRole, USUAL_ROLES } from './assign-role.ts'
export { type ChangeIncidentInput, changeIncident } from './change-incident.ts'
export { type IncidentsConfig, incidentsConfig } from './config.ts'
export {
  incidentAlertJoined,
  incidentChanged,
  incidentNoted,
  incidentOpened,
  incidentRoleAssigned,
  incidentSeverityChanged,
  incidentStateChanged,
  incidentsLinked,
} from './facts.ts'
export {
  type Detection,
  type Incident,
  type IncidentHead,
  type IncidentState,
  type LinkedAlert,
  type LinkKind,
  OPEN_STATES,
  type RoleHolder,
  type Severity,
  type TimelineEntry,
} from './incident.ts'
export { countAlerts, firstAlertOf } from './incident-parts.rows.ts'
export {
  type IncidentMetric,
  type IncidentTime,
  type IncidentTimes,
  incidentTimes,
} from './incident-times.rules.ts'
export {
  countOpenIncidents,
  findIncident,
  findIncidentHead,
  type IncidentQuery,
  incidentOfAlert,
  listIncidents,
} from './incidents.rows.ts'
export { type JoinAlertInput, joinAlert } from './join-alert.ts'
export { type LinkIncidentsInput, linkIncidents } from './link-incidents.ts'
export { type OpenIncidentInput, openIncident, openIncidentIn } from './open-incident.ts'
export { incidentsRoom } from './room.ts'
export { readTimeline } from './timeline.rows.ts'
export { type RecordEntryInput, recordEntryIn } from './write-entry.ts'
