/** The tables of comms/. Times are milliseconds, booleans 0 or 1, JSON is text. */

/** What the public may know of an incident; nothing of it is copied from the internal title or timeline. */
export interface PublicIncidentsTable {
  incident_id: string
  title: string
  impact: 'none' | 'minor' | 'major' | 'critical'
  status: 'investigating' | 'identified' | 'monitoring' | 'resolved'
  /** JSON array of service ids, public ones only. */
  service_ids: string
  started_at: number
  created_at: number
  updated_at: number
  monitoring_at: number | null
  resolved_at: number | null
}

/** Append-only: what was said was said. */
export interface PublicUpdatesTable {
  id: string
  incident_id: string
  status: 'investigating' | 'identified' | 'monitoring' | 'resolved'
  body: string
  actor: string
  actor_name: string
  /** 1 where Tocsin wrote it by itself. */
  automatic: number
  published_at: number
  /** JSON: components with their state before and after. */
  affected: string
}

/** Append-only: the state of each public component over time. */
export interface ComponentChangesTable {
  id: string
  service_id: string
  status: string
  at: number
}

export interface PageSnapshotsTable {
  id: string
  published_at: number
  instance: string
}

export interface StatusPageSettingsTable {
  id: string
  /** JSON. */
  value: string
}

/** A longer text at a public incident, such as its post-mortem. The text stands; only its end is written later. */
export interface PublicDocumentsTable {
  id: string
  incident_id: string
  title: string
  /** Markdown. */
  body: string
  published_at: number
  /** Of the first text that stood there, so that readers see one document that changed. */
  first_published_at: number
  /** Null while it stands. */
  ended_at: number | null
  ended_why: 'replaced' | 'withdrawn' | null
}

export interface CommsSchema {
  public_documents: PublicDocumentsTable
  public_incidents: PublicIncidentsTable
  public_updates: PublicUpdatesTable
  component_changes: ComponentChangesTable
  page_snapshots: PageSnapshotsTable
  status_page_settings: StatusPageSettingsTable
}
