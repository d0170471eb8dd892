import type { Millis } from '../../kit/clock.ts'
import type { Algorithm, TrustStore } from './build-chain.ts'
import type { CertificateReason } from './judge-certificate.rules.ts'
import type { Member } from './member.ts'

/** A population of clients: what they trust, and how they look for a path. */
export interface Client {
  name: string
  algorithm: Algorithm
  store: TrustStore
}

/** Equal for clients that always answer alike under one name. */
export function clientKey({ name, algorithm, store }: Client): string {
  return `${JSON.stringify(name)}/${algorithm}/${store.id}`
}

/** The served certificates, with what is known beside them. */
export interface Served {
  leaf: Member
  /** As sent, leaf first. */
  sent: Member[]
  /** Issuers that were not sent, and that could be: fetched, or roots that other clients know. */
  known: Member[]
}

/** What the clients of one population do with the served certificates, at one instant. */
export interface ClientVerdict {
  name: string
  verdict: 'up' | 'degraded' | 'down'
  reason: CertificateReason | 'ok'
  /** The last day on which they connect, `2026-05-30`; null when there is none. */
  lastDay: string | null
  /** Subject of the certificate that breaks them, or will. */
  through: string | null
  /** What to do about it; null when nothing helps or nothing is wrong. */
  advice: string | null
  /** One sentence: who breaks, when, through which certificate. */
  summary: string
}

/** A time during which a client takes the same path with the same end. */
export interface Stretch {
  from: Millis
  /** Not included. */
  to: Millis
  /** Why it does not connect, as the reason that the verdict gives; null when it does. */
  reason: CertificateReason | null
  /** The subject at which it breaks. */
  through: string | null
  /** The cause as half a sentence that follows "because": when it has come, and while it is ahead. */
  because: { since: string; ahead: string } | null
  advice: string | null
  /** The path, as fingerprints from the leaf upwards. */
  path: string[]
}

/** What becomes of one population, whatever the hour. */
export interface ClientForecast {
  name: string
  algorithm: Algorithm
  stretches: Stretch[]
}
