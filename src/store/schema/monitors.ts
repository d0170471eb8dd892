/** The tables of monitors/. Times are milliseconds, booleans 0 or 1, JSON is text. */
import type { Generated } from 'kysely'

export interface MonitorsTable {
  id: string
  service_id: string
  name: string
  kind: string
  /** JSON: the parsed parameters of the kind. */
  spec: string
  /** JSON as a person wrote it; null where the configuration file manages the monitor. */
  settings: string | null
  every_ms: number
  timeout_ms: number
  confirm: number
  recover: number
  retry_ms: number
  enabled: number
  managed_by: 'file' | 'api'
  /** The secret of a heartbeat's address. */
  ping_key: string | null
  version: number
  created_at: number
}

/** What is confirmed of a monitor; every change of the verdict counts `version` up. */
export interface MonitorStatesTable {
  monitor_id: string
  verdict: string
  reason: string
  summary: string
  since: number
  /** A verdict that is not confirmed yet. */
  candidate_verdict: string | null
  candidate_reason: string | null
  candidate_count: number
  candidate_since: number | null
  in_maintenance: number
  version: number
  checked_at: number | null
  next_at: number | null
  took_ms: number | null
  /** JSON: the newest observation, without its certificate. */
  last: string | null
  /** JSON: the newest certificate, and its fingerprint beside it. */
  certificate: string | null
  fingerprint: string | null
}

export interface MaintenanceTable {
  id: string
  name: string
  /** JSON lists of ids. */
  monitors: string
  services: string
  /** Once: from and to. Recurring: cron, duration and zone. */
  from_at: number | null
  to_at: number | null
  cron: string | null
  duration_ms: number | null
  timezone: string
  managed_by: 'file' | 'api'
  ended_at: number | null
  created_at: number
}

export interface HeartbeatsTable {
  monitor_id: string
  /** From when the first ping is waited for. */
  waiting_since: number
  last_success_at: number | null
  last_start_at: number | null
  last_fail_at: number | null
  last_fail_exit: number | null
  last_ping_at: number | null
}

/** Runs that have started and not ended. */
export interface HeartbeatRunsTable {
  monitor_id: string
  /** Empty where the job sends none. */
  rid: string
  started_at: number
}

export interface PingsTable {
  seq: Generated<number>
  monitor_id: string
  at: number
  action: string
  exit_status: number | null
  rid: string | null
  method: string
  remote: string
  body: string | null
}

/** Raw observations, in the order of arrival. */
export interface ObservationsTable {
  seq: Generated<number>
  at: number
  monitor_id: string
  /** What was seen. */
  verdict: string
  reason: string
  /** What was confirmed after it. */
  state: string
  took_ms: number
  maintenance: number
  /** For how long it speaks of the monitor, when no other follows. */
  holds_ms: number
}

/** Time by state; time that nobody speaks for is unknown, and is not stored. */
export interface RollupsTable {
  resolution: 'minute' | 'hour' | 'day'
  monitor_id: string
  at: number
  up_ms: number
  degraded_ms: number
  down_ms: number
  maintenance_ms: number
  checks: number
  took_sum: number
  took_max: number
}

/** The last observation of each monitor that the roll-up has seen: it still speaks until the next one. */
export interface RollupTailsTable {
  monitor_id: string
  first_at: number
  at: number
  state: string
  maintenance: number
  holds_ms: number
}

export interface RollupCursorTable {
  id: number
  seq: number
}

/** What a check left for the next one of the same monitor. */
export interface MonitorMemoriesTable {
  monitor_id: string
  /** JSON. */
  memory: string
}

export interface MonitorsSchema {
  monitor_memories: MonitorMemoriesTable
  monitors: MonitorsTable
  monitor_states: MonitorStatesTable
  maintenance: MaintenanceTable
  heartbeats: HeartbeatsTable
  heartbeat_runs: HeartbeatRunsTable
  pings: PingsTable
  observations: ObservationsTable
  rollups: RollupsTable
  rollup_tails: RollupTailsTable
  rollup_cursor: RollupCursorTable
}
