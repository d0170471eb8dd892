import type { World } from '../engine/world.ts'
import type { Millis } from '../kit/clock.ts'
import type { Observation, Turn } from '../monitors/index.ts'
import type { ReplicaPage } from './drill.ts'

/**
 * A whole Tocsin in memory, with today's configuration, a virtual clock, and channels that only note down.
 * Nothing in it can reach a person or the public: that is invariant 7, and who composes it answers for it.
 */
export interface Replica {
  /** Its own world: in-memory store, virtual clock, `drill` set to the run. */
  world: World
  /** Records what a check of a monitor saw, at the present of the virtual clock; of the one under drill by default. */
  observe(observation: Observation, monitorId?: string): Promise<void>
  /** Takes over a turn that a fold of observations came to, at the present of the virtual clock. */
  adopt(monitorId: string, turn: Turn): Promise<void>
  /** Moves the virtual clock, running everything that falls due on the way. */
  travelTo(at: Millis): Promise<void>
  /** Every page handed to a channel so far, in order; word that it is over is none. */
  pages(): readonly ReplicaPage[]
  close(): Promise<void>
}

export interface ReplicaOptions {
  /** Marks every fact of the replica. */
  runId: string
  /** The monitor under drill. */
  monitorId: string
  /** The only monitors that live in the replica: the silence of the others must not page anyone. */
  monitorIds?: readonly string[]
  /** Whether nothing is known of them at the beginning; else they begin as they are in life. */
  fresh?: boolean
  /** Where its time begins. */
  startAt: Millis
}

/** Composes a replica of the live Tocsin; handed in by the application, which alone knows every room. */
export type ComposeReplica = (live: World, options: ReplicaOptions) => Promise<Replica>
