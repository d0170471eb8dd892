import type { RequestListener } from 'node:http'
import type { Server } from 'node:net'
import type { Clock } from '../../kit/clock.ts'
import { SECOND } from '../../kit/duration.ts'
import type { Observation } from '../../monitors/index.ts'
import type { Expectation, HttpAnswer, RunningFault } from '../faults/fault.ts'
import type { Lab } from '../faults/lab.ts'
import type { LabServerOptions } from '../faults/lab-server.ts'

/** What a monitor wants to see, and how to make a copy of it that looks at a fault instead. */
export interface Aim {
  expects: Expectation
  /** How the copy differs from the monitor, one sentence each, for the evidence. */
  changes: string[]
  /** The copied spec, pointed at a running fault; `beside` is a healthy server, where one is wanted. */
  at(fault: RunningFault, lab: Lab, beside?: RunningFault): unknown
  /** Whether a healthy server is to run beside each fault: one member of a pool is broken, the others are not. */
  wantsBeside?: boolean
  /** Why a copy of this monitor may miss what its check sees, as advice before that of the fault. */
  advice?: string
  /** For kinds whose verdict takes more than one check, or none: what the copy says of the running fault. */
  observe?(spec: unknown, fault: RunningFault, clock: Clock): Promise<Observation>
}

/** The key and certificate that a lab server presents. */
export interface LabIdentity {
  key: string
  cert: string
  /** Where the server is to be older than its time. */
  minVersion?: 'TLSv1'
  maxVersion?: 'TLSv1.1' | 'TLSv1.2'
  ciphers?: string
}

/** How a server of one protocol is played for a drill: one folder here and one line in `registry.ts`. */
export interface LabProtocol<Spec = unknown> {
  /** The kind of monitor. */
  kind: string
  /** Reads a monitor's spec; null where this one cannot be copied. `sample` is an answer that satisfies it. */
  aim(spec: Spec, sample?: string): Aim | null
  /** The server over TCP, speaking TLS where it is given an identity; `onRequest` answers, late where that is the fault. */
  server?(options: LabServerOptions, identity: LabIdentity | null, onRequest: RequestListener): Server
  /** True where `onRequest` answers, and so is what comes late; everywhere else it is the whole connection. */
  answersRequests?: boolean
  /** True where nothing is connected to, so that what befalls an address cannot befall it. */
  hasNoAddress?: boolean
  /** True where it is played over TLS, though no target of `tocsin check` says so. */
  speaksTls?: boolean
  /** True where it is played without TLS, though the kind can speak it. */
  inTheOpen?: boolean
  /** In place of `server`, for what is not a server over TCP. */
  serve?(options: LabServerOptions): Promise<RunningFault>
}

/** For monitors that expect no answer over HTTP. */
export const NO_ANSWER: HttpAnswer = { status: 200, headers: {}, body: '' }

/** What is expected of a thing that is played without a server: a job, a probe, another Tocsin. */
export function expectsNoServer(speaks: Expectation['speaks']): Expectation {
  return {
    speaks,
    secure: false,
    hasNoAddress: true,
    name: '',
    issuer: null,
    warnMs: 0,
    answer: NO_ANSWER,
    contains: [],
    banner: null,
    latencyMs: null,
    timeoutMs: 2 * SECOND,
  }
}
