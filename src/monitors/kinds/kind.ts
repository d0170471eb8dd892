import type { ZodType } from 'zod'
import type { Clock } from '../../kit/clock.ts'
import type { Observation } from '../observation.ts'

/** What a check may use besides its own parameters. */
export interface CheckContext {
  clock: Clock
  /** Fires at the deadline, which is kept from outside: every socket must be destroyed when it does. */
  signal: AbortSignal
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
}
