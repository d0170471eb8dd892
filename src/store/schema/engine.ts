/** The engine's tables: the fact log, what listeners have heard, timers, the outbox, leases. */

export interface FactsTable {
  seq: number
  id: string
  /** When it became true. */
  at: number
  written_at: number
  type: string
  /** The id of what the fact is about. */
  subject: string
  /** `person:<id>`, `token:<id>`, `system:<room>` or `drill:<run id>`. */
  actor: string
  /** JSON. */
  data: string
  /** 1 where it belongs to a drill. */
  drill: number
  prev_hash: string
  hash: string
}

export interface ListenersTable {
  name: string
  /** The sequence number of the last fact heard. */
  cursor: number
  attempts: number
  retry_at: number
  last_error: string | null
}

/** Facts that a listener could not digest, kept for a person to look at. */
export interface ParkedFactsTable {
  listener: string
  seq: number
  error: string
  at: number
}

export interface TimersTable {
  key: string
  kind: string
  due_at: number
  /** JSON. */
  payload: string
  /** Counts every change, so that a claim is one compare-and-set. */
  version: number
  attempts: number
  last_error: string | null
}

export interface OutboxTable {
  id: string
  kind: string
  /** Unique: the same thing is never queued twice. */
  key: string
  /** What can be cancelled together: `alert:<id>`. */
  topic: string
  /** JSON. */
  payload: string
  state: 'queued' | 'sending' | 'sent' | 'refused' | 'cancelled'
  attempts: number
  next_at: number
  claimed_by: string | null
  claimed_until: number
  created_at: number
  settled_at: number | null
  last_error: string | null
}

export interface LeasesTable {
  name: string
  holder: string
  until: number
}

/** Answers kept for `Idempotency-Key`. */
export interface IdempotencyTable {
  key: string
  request_hash: string
  status: number
  body: string
  created_at: number
}

export interface EngineSchema {
  facts: FactsTable
  listeners: ListenersTable
  parked_facts: ParkedFactsTable
  timers: TimersTable
  outbox: OutboxTable
  leases: LeasesTable
  idempotency: IdempotencyTable
}
