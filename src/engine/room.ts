import type { Fact, FactType } from './facts.ts'
import type { Loop } from './loop.ts'
import type { OutboxHandler } from './outbox.ts'
import type { TimerHandler } from './timers.ts'
import type { Tx, World } from './world.ts'

/**
 * A room's ear: hears facts in the order of the log, after they are committed, each exactly once — its
 * changes and its place in the log are one transaction.
 */
export interface Listener {
  /** Unique and never renamed: its place in the log is stored under it. */
  name: string
  /** `on(type, handler)` entries. */
  hears: HeardFact[]
}

export interface HeardFact {
  type: string
  handle: (tx: Tx, world: World, fact: Fact<never>) => Promise<void>
}

/** Joins a type of fact and what to do on hearing it. */
export function on<Data>(
  type: FactType<Data>,
  handle: (tx: Tx, world: World, fact: Fact<Data>) => Promise<void>,
): HeardFact {
  return { type: type.type, handle: handle as HeardFact['handle'] }
}

/** What a room gives to the engine. */
export interface Room {
  name: string
  listeners?: Listener[]
  /** By kind, `<room>.<what>`. */
  timers?: Record<string, TimerHandler>
  /** By kind, `<room>.<what>`. */
  outbox?: Record<string, OutboxHandler>
  loops?: (world: World) => Loop[]
  /**
   * The clock has jumped by `ms`, or nobody was here for that long: what was awaited meanwhile is not late, and what
   * was set by a clock that stood ahead is not far away.
   */
  timeJumped?: (world: World, ms: number) => Promise<void>
  /** Once at start, after migrations: sets up recurring timers. Must be repeatable. */
  start?: (world: World) => Promise<void>
}
