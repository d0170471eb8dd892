/** The tables of incidents/. Times are milliseconds, booleans 0 or 1, JSON is text. */

export interface IncidentsTable {
  id: string
  title: string
  severity: 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4'
  state: 'declared' | 'mitigated' | 'believed-resolved' | 'resolved' | 'closed'
  /** Why it is in this state, from a closed set. */
  reason: string
  /** When the present state began. */
  since: number
  detection: 'monitor' | 'person' | 'customer'
  /** Times that nobody knows stay null: "not recorded", never zero. */
  impact_started_at: number | null
  detected_at: number | null
  declared_at: number
  acknowledged_at: number | null
  mitigated_at: number | null
  resolved_at: number | null
  closed_at: number | null
  opened_by: string
  opened_by_name: string
  /** How often "resolved" or "believed resolved" turned out to be wrong. */
  reopened: number
  updated_at: number
}

export interface IncidentServicesTable {
  incident_id: string
  service_id: string
}

/** An alert belongs to one incident at most. */
export interface IncidentAlertsTable {
  alert_id: string
  incident_id: string
  service_id: string | null
  monitor_id: string | null
  severity: 'critical' | 'warning'
  title: string
  opened_at: number
  acknowledged_at: number | null
  resolved_at: number | null
}

export interface IncidentRolesTable {
  incident_id: string
  role: string
  person_id: string
  person_name: string
  assigned_at: number
}

export interface IncidentLinksTable {
  from_id: string
  to_id: string
  kind: string
  created_at: number
}

/** Append-only, held by the database: a correction is a new entry. */
export interface TimelineEntriesTable {
  id: string
  incident_id: string
  happened_at: number
  written_at: number
  kind: string
  text: string
  actor: string
  actor_name: string
  /** The fact that it tells, where there is one. */
  fact_seq: number | null
  /** The entry that this one corrects. */
  corrects: string | null
}

export interface IncidentSettingsTable {
  id: string
  /** JSON. */
  value: string
}

export interface IncidentsSchema {
  incidents: IncidentsTable
  incident_services: IncidentServicesTable
  incident_alerts: IncidentAlertsTable
  incident_roles: IncidentRolesTable
  incident_links: IncidentLinksTable
  timeline_entries: TimelineEntriesTable
  incident_settings: IncidentSettingsTable
}
