import type { World } from '../engine/world.ts'
import type { Millis } from '../kit/clock.ts'
import type { Observation } from '../monitors/index.ts'
import type { ReplicaPage } from './drill.ts'

/**
 * A whole Tocsin in memory, with today's configuration, a virtual clock, and channels that only note down.
 * Nothing in it can reach a person or the public: that is invariant 7, and who composes it answers for it.
 */
export interface Replica {
  /** Its own world: in-memory store, virtual clock, `drill` set to the run. */
  world: World
  /** Records what a check of the monitor under drill saw, at the present of the virtual clock. */
  observe(observation: Observation): Promise<void>
  /** Moves the virtual clock, running everything that falls due on the way. */
  travelTo(at: Millis): Promise<void>
  /** Everything handed to a channel so far, in order. */
  pages(): readonly ReplicaPage[]
  close(): Promise<void>
}

export interface ReplicaOptions {
  /** Marks every fact of the replica. */
  runId: string
  /** The only monitor that lives in the replica: the silence of the others must not page anyone. */
  monitorId: string
  /** Where its time begins. */
  startAt: Millis
}

/** Composes a replica of the live Tocsin; handed in by the application, which alone knows every room. */
export type ComposeReplica = (live: World, options: ReplicaOptions) => Promise<Replica>
