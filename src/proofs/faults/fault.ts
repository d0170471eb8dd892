import type { Clock, Millis } from '../../kit/clock.ts'
import type { Lab } from './lab.ts'

/** What the copied monitor wants to see: the healthy control gives it all of this, a fault all but one thing. */
export interface Expectation {
  /** The kind of monitor, whose lab in `labs/` plays the healthy server. */
  speaks: string
  /** True where a TLS handshake comes first: every `tls` monitor, and `http` at an https address. */
  secure: boolean
  /** True where the monitor speaks over UDP: then the faults of a connection are played with datagrams. */
  datagrams?: boolean
  /** True where nothing is connected to: what can happen to whatever listens at an address cannot happen there. */
  hasNoAddress?: boolean
  /** The name that the certificate must carry. */
  name: string
  /** Text that the issuer must contain; null where the monitor does not care. */
  issuer: string | null
  /** How many populations of clients it speaks for; 0 or absent where it names none. */
  clients?: number
  /** The monitor complains this long before the certificate ends; 0 where it never does. */
  warnMs: Millis
  /** How long before its end a certificate is overdue for renewal, where the monitor declares when it is to be renewed. */
  overdueMs?: Millis
  /** True where the monitor compares the served certificate with a file. */
  file?: boolean
  answer: HttpAnswer
  /** Texts that the body must contain, so that a wrong page can be made to lack them. */
  contains: readonly string[]
  /** What a TCP server says first, where the monitor waits for it. */
  banner: string | null
  /** How many members it has, where it is a pool: a fault then breaks one of them. */
  members?: number
  /** Whatever else the lab of this kind needs to satisfy the monitor, in a shape of its own. */
  healthy?: unknown
  /** The limit that the monitor sets for an answer; null where only the timeout limits it. */
  latencyMs: Millis | null
  timeoutMs: Millis
}

/** An HTTP answer that satisfies the monitor. */
export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** What a fault may use. */
export interface FaultContext {
  clock: Clock
  /** Authorities minted for this drill. */
  lab: Lab
  expects: Expectation
}

/** A fault at work, until it is stopped. */
export interface RunningFault {
  host: '127.0.0.1'
  port: number
  /** What the copy is to look at where that is no address: a file, rows, a series. */
  input?: unknown
  stop(): Promise<void>
}

/**
 * A way to break a thing on purpose: one folder here and one line in `registry.ts`. A running fault differs
 * from the healthy control in exactly one respect, so whatever a monitor says of it is about that respect.
 */
export interface Fault {
  name: string
  title: string
  /** What it is like in life. */
  description: string
  /** The kinds that it can break; `any` for what can happen to whatever listens at an address. */
  breaks: readonly string[] | 'any'
  failureClass: string
  /** What to write into the configuration so that a monitor catches it. */
  remedy: string
  /** Whether it makes sense against this monitor: a certificate fault needs TLS. */
  applies(expects: Expectation): boolean
  start(context: FaultContext): Promise<RunningFault>
}

/** Whether a fault can be played against what the monitor expects. */
export function canBreak({ breaks, applies }: Fault, expects: Expectation): boolean {
  if (breaks === 'any' && expects.hasNoAddress) return false
  return (breaks === 'any' || breaks.includes(expects.speaks)) && applies(expects)
}
