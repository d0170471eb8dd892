import type { Role } from '../contract/route.ts'
import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import type { Db, Store } from '../store/store.ts'

/** One transaction: its database handle and the instant at which it happens. */
export interface Tx {
  db: Db
  now: number
  /** Set by facts, timers and the outbox: after the commit the engine looks round at once. */
  wakes?: boolean
}

/**
 * What every verb gets. Time, store and outside are handed in, so that live, drill, replay and test are the
 * same program.
 */
export interface World {
  clock: Clock
  store: Store
  log: Log
  /** Names this process in leases and claims. */
  instance: string
  /** Where people reach this Tocsin: `https://tocsin.example.org`, without a slash at the end. */
  publicUrl: string
  /** Set where this world is a drill's or a replay's: every fact written in it is marked so (invariant 7). */
  drill: string | null
  /** Runs `work` in one transaction, then wakes the engine and those who watch live. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Called after each commit that wrote a fact, set a timer or queued something. */
  onCommit(hear: () => void): () => void
}

/** Who does something: stored with each fact. */
export interface Actor {
  /** `person:<id>`, `token:<id>`, `system:<room>`, `drill:<run id>`. */
  id: string
  /** What to call it in a timeline. */
  name: string
  role: Role
  /** The person behind it, where there is one. */
  personId: string | null
}

/** Tocsin itself, acting for one of its rooms. */
export function systemActor(room: string): Actor {
  return { id: `system:${room}`, name: 'Tocsin', role: 'administrator', personId: null }
}
