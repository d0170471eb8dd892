import type { ZodObject, ZodType } from 'zod'
import type { World } from '../../engine/world.ts'
import type { Clock, Millis } from '../../kit/clock.ts'
import type { MonitorKind } from '../../monitors/index.ts'
import type { StartDisposable } from '../disposable.ts'
import type { Conclusion } from '../drill.ts'
import type { ComposeReplica } from '../replica.ts'

/** The monitor under drill, as it is configured at the moment of the drill. */
export interface MonitorUnderDrill {
  id: string
  kind: MonitorKind
  spec: unknown
  everyMs: Millis
  /** How many bad checks in a row turn the verdict, and the interval between them. */
  confirm: number
  retryMs: Millis
  /** How many good checks in a row turn it back. */
  recover: number
}

/** What a kind of drill may use. */
export interface PlayContext<Settings> {
  live: World
  runId: string
  monitor: MonitorUnderDrill
  settings: Settings
  /** Runs at the speed of the machine, from the present of the live world. */
  clock: Clock
  composeReplica: ComposeReplica
  /** Reaches a person through the real channels; left out where this process is not the one that may. */
  reach?: ReachPerson | null
  /** Starts a process that is to be stopped; left out where none may be started. */
  startDisposable?: StartDisposable | null
  /** The faults that this monitor was ever played against: one that it no longer looks for is missed. */
  playedBefore: readonly string[]
}

/** What became of a message to one contact of a person. */
export interface Reached {
  channel: string
  sent: boolean
  reason: string
}

/** Sends one message to every verified contact of a person; for the one kind of drill that is meant to reach somebody. */
export type ReachPerson = (
  live: World,
  personId: string,
  message: { subject: string; text: string; key: string; link: { label: string; url: string } },
) => Promise<Reached[]>

/** A kind of drill: one folder here and one line in `registry.ts`. */
export interface DrillKind<Settings = unknown> {
  kind: string
  title: string
  description: string
  /** Every reason that its conclusions can carry. */
  reasons: readonly string[]
  /** False where it is about Tocsin and its people, and no monitor is under drill: then the context has none. */
  needsMonitor?: false
  /** Its own settings, beside those that all drills share. */
  schema: ZodObject & ZodType<Settings>
  play(context: PlayContext<Settings>): Promise<Conclusion>
}
