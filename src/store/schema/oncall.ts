/** A schedule; `spec` is JSON as in the configuration. */
export interface SchedulesTable {
  id: string
  name: string
  spec: string
  managed_by: string
  /** Its place in the configuration. */
  position: number
  changed_at: number
}

/** Somebody stands in on a schedule; among several the one created last counts. */
export interface OverridesTable {
  id: string
  schedule_id: string
  person_id: string
  from_at: number
  until_at: number
  reason: string
  created_at: number
  created_by: string
  created_name: string
  removed_at: number | null
  removed_name: string | null
}

/** An escalation policy; `spec` is JSON as in the configuration. */
export interface PoliciesTable {
  id: string
  name: string
  spec: string
  is_default: number
  managed_by: string
  position: number
  changed_at: number
}

/** Where an alert stands on its way to a human. One per alert, for the alert's whole life. */
export interface EscalationsTable {
  id: string
  alert_id: string
  policy_id: string | null
  /** The policy as it was when this escalation started, JSON; null without a policy. */
  policy: string | null
  status: string
  phase: string
  round: number
  step: number
  /** Counts the times somebody was paged: part of the key of each page. */
  paging: number
  waiting_until: number | null
  reason: string
  started_at: number
  changed_at: number
  ended_at: number | null
  end_reason: string | null
  version: number
}

/** One attempt to reach one person by one contact. */
export interface PagesTable {
  id: string
  key: string
  kind: string
  alert_id: string
  escalation_id: string
  paging: number
  round: number
  step: number
  step_name: string
  person_id: string
  person_name: string
  contact_id: string
  channel: string
  state: string
  reason: string
  /** SHA-256 of the secret in its acknowledgement link. */
  ack_hash: string
  queued_at: number
  settled_at: number | null
  attempts: number
}

/** Keys made once per installation; `ack` signs acknowledgement links. */
export interface OncallKeysTable {
  name: string
  value: string
  created_at: number
}

/** When the auditor last looked, and what it found: it is watched by this row. */
export interface AuditorTable {
  name: string
  last_run_at: number
  checked: number
  problems: number
  runs: number
  last_problem_at: number | null
}

/** The tables of oncall/. Times are milliseconds, booleans 0 or 1, JSON is text. */
export interface OncallSchema {
  schedules: SchedulesTable
  overrides: OverridesTable
  policies: PoliciesTable
  escalations: EscalationsTable
  pages: PagesTable
  oncall_keys: OncallKeysTable
  auditor: AuditorTable
}
