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
  /** True where it trusts roots of its own choice instead of those of its machine. */
  ownRoots?: boolean
  /** True where the certificate must be exactly one. */
  pinned?: boolean
  /** The lowest version of TLS that it bears. */
  oldest?: string
  /** True where it looks at every address of the name, which must all serve the same certificate. */
  nodes?: boolean
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
  /** True where that many there must be. */
  sized?: boolean
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
  /** What else must be so of a kind of which `any` is broken: that it speaks TLS, or has several members. */
  of?: 'tls' | 'pool'
  failureClass: string
  /** What to write into the configuration so that a monitor catches it. */
  remedy: string
  /** Whether it makes sense against this monitor: a certificate fault needs TLS. */
  applies(expects: Expectation): boolean
  /**
   * For a fault that is none everywhere: whether this monitor asks for what it breaks. A drill plays it unasked only
   * then, and wherever somebody names it.
   */
  demanded?(expects: Expectation): boolean
  start(context: FaultContext): Promise<RunningFault>
}

/** Whether a fault can be played against the monitor at all. */
export function couldBreak({ breaks, applies }: Fault, expects: Expectation): boolean {
  if (breaks === 'any' && expects.hasNoAddress) return false
  return (breaks === 'any' || breaks.includes(expects.speaks)) && applies(expects)
}

/** Whether a drill plays it against the monitor without being asked for it by name. */
export function canBreak(fault: Fault, expects: Expectation): boolean {
  return couldBreak(fault, expects) && (fault.demanded?.(expects) ?? true)
}

/** Whether it can be played against some monitor of a kind. */
export function isConcerned(
  { breaks, of }: Fault,
  kind: { speaks: string; secure: boolean; isPool: boolean; hasNoAddress: boolean },
): boolean {
  if (breaks !== 'any') return breaks.includes(kind.speaks)
  if (of === 'pool') return kind.isPool
  return !kind.hasNoAddress && (of !== 'tls' || kind.secure)
}
