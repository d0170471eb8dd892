import type { Millis } from '../kit/clock.ts'
import type { CertificateFacts, Observation, Verdict } from './observation.ts'

/** One check definition. */
export interface Monitor {
  /** The key in the configuration, or the id given at creation. */
  id: string
  name: string
  serviceId: string
  kind: string
  /** The parsed parameters of the kind: durations in milliseconds. */
  spec: unknown
  /** As a person wrote it; null where the configuration file manages it. */
  settings: Record<string, unknown> | null
  /** Where it points, for people. */
  target: string
  every: Millis
  timeout: Millis
  /** How many checks in a row must say so before the verdict turns bad, and good again. */
  confirm: number
  recover: number
  /** The interval while a change waits for its confirmation. */
  retryEvery: Millis
  enabled: boolean
  managedBy: 'file' | 'api'
  pingKey: string | null
  /** From where it is checked; left out or null where only from here. */
  places?: { names: string[]; quorum: number } | null
  version: number
  createdAt: Millis
}

/** A verdict that has been seen, but not often enough. */
export interface Candidate {
  verdict: Verdict
  reason: string
  count: number
  since: Millis
}

/** What is confirmed of a monitor. */
export interface MonitorState {
  verdict: Verdict
  reason: string
  summary: string
  since: Millis
  candidate: Candidate | null
  maintenance: boolean
  version: number
}

/** A monitor with all that is known of it now. */
export interface MonitorView extends Monitor {
  state: MonitorState
  checkedAt: Millis | null
  nextAt: Millis | null
  tookMs: Millis | null
  last: Observation | null
  certificate: CertificateFacts | null
}
