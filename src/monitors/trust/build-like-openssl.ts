import type { Millis } from '../../kit/clock.ts'
import type { Built, TrustStore } from './build-chain.ts'
import { isInDate } from './check-chain.ts'
import { isLikelyIssuedBy, type Member } from './member.ts'

// OpenSSL allows a hundred; nothing real comes near, and a tangle of cross-signed roots must end.
const LONGEST = 30

/** Of several issuers the first that is valid, or else the one that was valid last. */
export function bestIssuer(member: Member, candidates: Member[], at: Millis): Member | null {
  let best: Member | null = null
  for (const candidate of candidates) {
    if (!isLikelyIssuedBy(member, candidate)) continue
    if (isInDate(candidate, at)) return candidate
    if (best === null || candidate.notAfter > best.notAfter) best = candidate
  }
  return best
}

/**
 * OpenSSL since 1.1: at each step the store is asked before the certificates sent, and once a trusted issuer
 * was found only the store is asked. An authority that may not sign is taken nevertheless, and refused later.
 */
export function buildStoreFirst(leaf: Member, others: Member[], store: TrustStore, at: Millis): Built {
  const chain = [leaf]
  let sent = 1
  let left = others
  let fromServer = true
  while (chain.length <= LONGEST) {
    const last = chain.at(-1)!
    const issuer = bestIssuer(last, store.find(last.issuerKey), at)
    if (issuer && (!last.selfSigned || issuer.id === last.id)) {
      fromServer = false
      if (last.selfSigned) {
        sent = chain.length - 1
        return { chain, sent, trusted: true }
      }
      chain.push(issuer)
      if (issuer.selfSigned) return { chain, sent, trusted: true }
      continue
    }
    const next = fromServer && !last.selfSigned ? bestIssuer(last, left, at) : null
    if (!next) break
    left = left.filter((member) => member !== next)
    chain.push(next)
    sent++
  }
  return { chain, sent, trusted: false }
}

/** Of several issuers the first, whatever its dates. */
function firstIssuer(member: Member, candidates: Member[]): Member | null {
  return candidates.find((candidate) => candidate.maySign && isLikelyIssuedBy(member, candidate)) ?? null
}

/**
 * OpenSSL 1.0.2: the certificates sent are followed as far as they lead, and only then the store is asked. A chain
 * that ends at no trusted root is cut back to where the store knows an issuer.
 */
export function buildSentFirst(leaf: Member, others: Member[], store: TrustStore): Built {
  const chain = [leaf]
  let left = others
  while (chain.length <= LONGEST && !chain.at(-1)!.selfSigned) {
    const next = firstIssuer(chain.at(-1)!, left)
    if (!next) break
    left = left.filter((member) => member !== next)
    chain.push(next)
  }
  const inStore = (member: Member) => firstIssuer(member, store.find(member.issuerKey))
  if (chain.length === 1 && leaf.selfSigned) return { chain, sent: 1, trusted: inStore(leaf)?.id === leaf.id }
  const whole = [...chain]
  // The server's own root proves nothing: the store's is put in its place.
  if (chain.at(-1)!.selfSigned) chain.pop()
  let sent = chain.length
  for (;;) {
    while (chain.length <= LONGEST && !chain.at(-1)!.selfSigned) {
      const issuer = inStore(chain.at(-1)!)
      if (!issuer) break
      chain.push(issuer)
    }
    if (chain.length > sent && chain.slice(sent).some((member) => member.selfSigned))
      return { chain, sent, trusted: true }
    let shorter = sent - 1
    while (shorter > 0 && !inStore(chain[shorter - 1]!)) shorter--
    if (shorter <= 0) return { chain: whole, sent: whole.length, trusted: false }
    chain.length = shorter
    sent = shorter
  }
}
