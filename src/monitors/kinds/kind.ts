import type { ZodType } from 'zod'
import type { Clock, Millis } from '../../kit/clock.ts'
import type { Reader } from '../../store/store.ts'
import type { Observation } from '../observation.ts'
import type { ByAddress } from './by-address.ts'

/** What a check may use besides its own parameters. */
export interface CheckContext {
  clock: Clock
  /** Fires at the deadline, which is kept from outside: every socket must be destroyed when it does. */
  signal: AbortSignal
  /** What the check before this one left in `Observation.memory`; null at first, and where nothing is kept. */
  memory: unknown
  /** Which monitor is checked; null where it is none that is stored, as in `tocsin check`. */
  monitorId: string | null
  /** What was pushed to Tocsin is read here; null where there is no store. */
  read: Reader | null
}

/** A failure that no monitor of a kind can see, and what would see it. */
export interface BlindSpot {
  /** A failure class, such as `certificate.identity`. */
  failureClass: string
  /** One sentence: why not, and which kind of monitor does. */
  why: string
  /** The kinds of monitor that can see it; none where only people can. */
  seenBy: readonly string[]
}

/**
 * A kind of monitor: one folder here and one line in `registry.ts`. Its schema drives the configuration, the
 * API, the form in the browser and the reference page. `Spec` is the parsed form (durations in milliseconds).
 */
export interface MonitorKind<Spec = unknown> {
  kind: string
  title: string
  /** What it sees, and what it cannot see, in one or two sentences. */
  description: string
  schema: ZodType<Spec>
  /** Every reason that its observations can carry. */
  reasons: readonly string[]
  /** Active kinds check; passive kinds (heartbeat) only hear, and judge by time. */
  check?: (spec: Spec, context: CheckContext) => Promise<Observation>
  /** What kind of work the check is, for the concurrency budget. */
  cost: 'network' | 'process' | 'none'
  /** Where the spec points, for people: `docs.example.org:443`. */
  target: (spec: Spec) => string
  /** Schemes of `tocsin check` that mean this kind, each with what its target says as settings. */
  schemes?: Record<string, (target: string) => Record<string, unknown>>
  /** How its targets are written, for the help: `rdp://HOST[:3389]`. */
  typedAs?: readonly string[]
  /** Why it cannot be checked by hand, and what to do instead; every kind has this or `schemes`. */
  notByHand?: string
  /** What a check by hand takes for the memory of a check before it. */
  memoryByHand?: (spec: Spec, now: Millis) => unknown
  /** Whether certificates are judged at this target: then the certificate flags of `tocsin check` go to `expect`. */
  speaksTls?: (target: string) => boolean
  /** What was typed, put where this kind wants it: options of the command line come as `expect` and `timeout`. */
  typed?: (settings: Record<string, unknown>) => Record<string, unknown>
  /** Ends what it keeps running between checks, where it keeps something. */
  stop?: (clock: Clock) => Promise<void>
  /** Further lines below the one of `tocsin check`, for people. */
  longText?: (observation: Observation) => string[]
  /** How it is pointed at one node of a service; only kinds that have it can check the members of a pool. */
  byAddress?: ByAddress<Spec>
  /** What every monitor of this kind is blind to. */
  cannotSee: readonly BlindSpot[]
}
