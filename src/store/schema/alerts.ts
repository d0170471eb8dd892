/** One alert. `open_key` is the dedup key until it is resolved, then null: at most one is unresolved per key. */
export interface AlertsTable {
  id: string
  open_key: string | null
  dedup_key: string
  title: string
  summary: string
  severity: string
  reason: string
  state: string
  service_id: string | null
  monitor_id: string | null
  source: string
  policy_id: string | null
  /** When what it is about began; it opened once that was certain. */
  began_at: number
  opened_at: number
  changed_at: number
  acknowledged_at: number | null
  acknowledged_by: string | null
  acknowledged_name: string | null
  acknowledged_via: string | null
  resolved_at: number | null
  resolved_by: string | null
  resolved_reason: string | null
  /** The silence in force over it, if any. */
  silence_id: string | null
  version: number
}

/** Alerts that match still open, but page nobody between `from_at` and `until_at`. */
export interface SilencesTable {
  id: string
  monitor_id: string | null
  service_id: string | null
  dedup_key: string | null
  from_at: number
  until_at: number
  reason: string
  created_at: number
  created_by: string
  created_name: string
  /** Set when it was ended before its time, or when its time came. */
  ended_at: number | null
  ended_name: string | null
}

/** The tables of alerts/. Times are milliseconds, booleans 0 or 1, JSON is text. */
export interface AlertsSchema {
  alerts: AlertsTable
  silences: SilencesTable
}
