import type { Millis } from '../../kit/clock.ts'
import { buildLikeGnutls } from './build-like-gnutls.ts'
import { buildSentFirst, buildStoreFirst } from './build-like-openssl.ts'
import { type ChainFault, faultIn } from './check-chain.ts'
import type { Member } from './member.ts'

/** How clients look for a path: the behaviour of real software, which the tests ask the same questions. */
export const ALGORITHMS = {
  /** OpenSSL 1.1 and 3: at each step the store first, among several issuers the one that is valid today. */
  modern: 'asks its store first',
  /** OpenSSL 1.0.2: what was sent first; another path only where the first ends at no trusted root. */
  'openssl-1.0': 'follows what was sent before it asks its store',
  /** OpenSSL up to 1.0.1: what was sent first, and no other path. */
  legacy: 'follows what was sent and tries no other path',
  /** GnuTLS 3.7: what was sent, up to the first name and key that is trusted. */
  gnutls: 'follows what was sent up to the first key that it trusts',
} as const
export type Algorithm = keyof typeof ALGORITHMS

/** The roots that a client trusts, found by the folded name of their subject. */
export interface TrustStore {
  /** Equal for equal sets. */
  id: string
  find(subjectKey: string): Member[]
}

/** What a client did with the certificates that it was sent. */
export interface Outcome {
  /** From the leaf upwards, as far as it came. */
  chain: Member[]
  /** How many of them came from the server. */
  sent: number
  /** Why it refuses; null when it connects. */
  fault: ChainFault | null
}

/** A chain as built, before it is checked. */
export interface Built {
  chain: Member[]
  sent: number
  trusted: boolean
}

/** Builds and checks the one path that a client would take at an instant. */
export function buildChain(
  algorithm: Algorithm,
  leaf: Member,
  sent: Member[],
  store: TrustStore,
  at: Millis,
): Outcome {
  const others = sent.filter((member) => member.id !== leaf.id)
  const built = buildWith(algorithm, leaf, others, store, at)
  return { ...built, fault: faultIn(built, at, algorithm) }
}

function buildWith(
  algorithm: Algorithm,
  leaf: Member,
  others: Member[],
  store: TrustStore,
  at: Millis,
): Built {
  if (algorithm === 'gnutls') return buildLikeGnutls(leaf, others, store, at)
  if (algorithm === 'openssl-1.0') return buildSentFirst(leaf, others, store)
  if (algorithm === 'legacy') return buildStoreFirst(leaf, others, withoutCrossSigned(store, others), at)
  return buildStoreFirst(leaf, others, store, at)
}

/**
 * Clients that follow what was sent never come to a root of which a cross-signed twin was sent: to them, the
 * twin stands in its place.
 */
function withoutCrossSigned(store: TrustStore, sent: Member[]): TrustStore {
  const twins = new Set(sent.filter((member) => !member.selfSigned).map(twinKey))
  return {
    id: store.id,
    find: (key) => store.find(key).filter((root) => !twins.has(twinKey(root)) || !root.selfSigned),
  }
}

const twinKey = ({ subjectKey, publicKey }: Member) => `${subjectKey} ${publicKey}`
