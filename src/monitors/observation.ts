import type { ClientVerdict } from './trust/client.ts'

/** What one check says of its target. */
export const VERDICTS = ['up', 'degraded', 'down', 'unknown'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A served certificate, as it was sent. */
export interface CertificateFacts {
  subject: string
  issuer: string
  /** DNS and IP names of the subject alternative name extension. */
  names: string[]
  serial: string
  /** SHA-256 over the DER, upper-case hex pairs with colons. */
  fingerprint: string
  /** RFC 3339. */
  notBefore: string
  notAfter: string
  selfSigned: boolean
  /** Subjects of the chain as sent, leaf first. */
  chain: string[]
  protocol: string
  cipher: string
  /** What the populations of clients make of it, where a monitor names any. */
  clients?: ClientVerdict[]
  /** The paths that they take. */
  graph?: PathGraph
  /** Changes with the chain and with what clients make of it. */
  stamp?: string
}

/** The paths of clients through certificates, as they are drawn; certificates by the first digits of their SHA-256. */
export interface PathGraph {
  nodes: {
    id: string
    subject: string
    issuer: string
    notBefore: string
    notAfter: string
    /** Sent by the server, in the store of a client, or known otherwise. */
    origin: 'sent' | 'store' | 'known'
    selfSigned: boolean
  }[]
  /** From a certificate to the issuer that a client took for it. */
  edges: { from: string; to: string }[]
  /** Which path a client takes from when until when; an end that is null is open. */
  paths: {
    client: string
    from: string | null
    until: string | null
    reason: string
    through: string | null
    members: string[]
  }[]
}

/** What one check saw: a value, never an exception. */
export interface Observation {
  verdict: Verdict
  /** From the closed set of the monitor's kind, plus those of the scheduler (`check.overran`, `check.never-ran` …). */
  reason: string
  /** One line for a human. */
  summary: string
  /** From the first packet to the end of the check, milliseconds. */
  tookMs: number
  /** What was measured, by name: status, bytes, daysLeft … */
  values: Record<string, string | number | boolean | null>
  certificate?: CertificateFacts
  /** Where several addresses were looked at: what each of them serves. */
  served?: { address: string; certificate: CertificateFacts }[]
  /** What a page shows beyond one line, in a shape of the kind's own: members of a pool, a forecast. */
  details?: unknown
  /** How the failure looked: a small JPEG in base64. It is kept apart, and only the newest of each monitor. */
  picture?: { jpeg: string; step: string }
  /** What the next check of this monitor shall find in its context: JSON of at most 64 KB, kept over restarts. */
  memory?: unknown
}
