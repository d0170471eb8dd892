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
  /** JSON: from where it is checked; null where only this Tocsin looks. */
  places: string | null
  /** How many places must see it bad. */
  quorum: number | null
  /** The secret of a heartbeat's address. */
  ping_key: string | null
  /** Where it points, for searching; null in rows that an older program wrote. */
  target: string | null
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
  /** JSON: the newest certificate, and beside it what tells whether it has changed. */
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
  /** Scheduled runs of which nothing was heard, counted up to `missed_until`. */
  missed: Generated<number>
  missed_until: number | null
  /** The last words of the job when it failed. */
  last_fail_note: string | null
}

/** Every run of a job: what has started and not ended has no `ended_at`. */
export interface HeartbeatLedgerTable {
  seq: Generated<number>
  monitor_id: string
  /** Empty where the job sends none. */
  rid: string
  /** Null where only its end was told, and where it never came. */
  started_at: number | null
  ended_at: number | null
  outcome: 'running' | 'success' | 'failure' | 'superseded' | 'missed'
  exit_status: number | null
  duration_ms: number | null
  /** The end of what the job said. */
  log: string | null
}

/** Lines pushed for a log monitor, added up in slices of time. */
export interface LogPushesTable {
  monitor_id: string
  /** The beginning of the slice. */
  at: number
  lines: number
  matched: number
  wanted: number
}

/** What is known of a pushed log beside its counts. */
export interface LogPushStatesTable {
  monitor_id: string
  last_line_at: number | null
  last_wanted_at: number | null
  /** JSON: the newest matching lines. */
  samples: string
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

/** How the newest failure of a monitor looked. */
export interface MonitorScreenshotsTable {
  monitor_id: string
  at: number
  reason: string
  step: string
  /** In base64. */
  jpeg: string
}

/** A member of a pool and what was decided about it; one that has left stays, to be told so. */
export interface PoolMembersTable {
  monitor_id: string
  member: string
  address: string
  place: number
  state: 'in' | 'drained' | 'gone'
  /** Why it is in this state. */
  cause: string
  since: number
  /** Bad and good checks in a row. */
  reds: number
  greens: number
  /** Why it is not drained although it is bad long enough. */
  held: string | null
  /** What the newest check saw. */
  verdict: string
  reason: string
  summary: string
  /** How a load balancer is told: drain or down. */
  tell: string
  /** When a load balancer first heard that it is back. */
  told_at: number | null
  version: number
}

/** A value that was pushed, the latest of its slot. */
export interface MetricSamplesTable {
  monitor_id: string
  /** JSON: the labels as pairs, in order. */
  series: string
  slot: number
  at: number
  value: number
}

/** What another Tocsin has said of itself. */
export interface PeersTable {
  monitor_id: string
  /** JSON: `HeardPeer`. */
  heard: string
  version: number
}

/** A place elsewhere that checks for this Tocsin. */
export interface PlacesTable {
  id: string
  /** When it last asked or delivered. */
  seen_at: number
  /** What its spool had no room for, in all. */
  lost: number
  version: string
}

/** How far a place has delivered; beside the history, so that both are written in one transaction. */
export interface PlaceCursorsTable {
  place: string
  /** Which spool of the place the count belongs to: another one begins anew. */
  spool: string
  seq: number
}

/** What each place saw last of each monitor. */
export interface PlaceViewsTable {
  monitor_id: string
  place: string
  at: number
  verdict: string
  reason: string
  summary: string
  took_ms: number
}

/** A certificate that some monitor has seen; it stays for as long as there are monitors that served it. */
export interface CertificatesTable {
  fingerprint: string
  subject: string
  issuer: string
  /** JSON. */
  names: string
  serial: string
  not_before: number
  not_after: number
  self_signed: number
  first_seen_at: number
}

/** Who serves, or has served, a certificate. */
export interface CertificateServingsTable {
  monitor_id: string
  /** The address, where the monitor looks at several; empty where it looks at one. */
  node: string
  fingerprint: string
  /** Where it was seen first. */
  address: string | null
  since_at: number
  /** Null while it is served. */
  until_at: number | null
}

export interface MonitorsSchema {
  certificates: CertificatesTable
  certificate_servings: CertificateServingsTable
  peers: PeersTable
  places: PlacesTable
  place_views: PlaceViewsTable
  place_cursors: PlaceCursorsTable
  metric_samples: MetricSamplesTable
  pool_members: PoolMembersTable
  monitor_memories: MonitorMemoriesTable
  monitor_screenshots: MonitorScreenshotsTable
  monitors: MonitorsTable
  monitor_states: MonitorStatesTable
  maintenance: MaintenanceTable
  heartbeats: HeartbeatsTable
  heartbeat_ledger: HeartbeatLedgerTable
  log_pushes: LogPushesTable
  log_push_states: LogPushStatesTable
  pings: PingsTable
  observations: ObservationsTable
  rollups: RollupsTable
  rollup_tails: RollupTailsTable
  rollup_cursor: RollupCursorTable
}
