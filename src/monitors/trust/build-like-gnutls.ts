import type { Millis } from '../../kit/clock.ts'
import type { Built, TrustStore } from './build-chain.ts'
import { bestIssuer } from './build-like-openssl.ts'
import { faultIn, isSignedBy } from './check-chain.ts'
import { isLikelyIssuedBy, type Member } from './member.ts'

const LONGEST = 16

/**
 * GnuTLS: the certificates sent are put in order, those that do not belong to the chain at its end, until one is found
 * whose issuer is trusted. The last one's issuer is looked for in the store. When that fails, the store is asked for
 * the last one's own name. A trusted certificate stands for the first of the chain that has its name and key; it need
 * not sign itself.
 */
export function buildLikeGnutls(leaf: Member, others: Member[], store: TrustStore, at: Millis): Built {
  const chain = inOrder(leaf, others, store)
  if (chain.length > 1 && chain.at(-1)!.selfIssued) chain.pop()
  const isTrusted = (member: Member) => store.find(member.subjectKey).some(({ id }) => id === member.id)
  const cut = chain.findIndex((member, index) => index > 0 && isTrusted(member))
  if (cut > 0) chain.length = cut + 1
  const last = chain.at(-1)!
  const first = upTo(chain, store.find(last.issuerKey), at)
  if (!isMendable(first, at) || last.selfIssued) return first
  const second = upTo(chain, store.find(last.subjectKey), at)
  return second.trusted && (faultIn(second, at, 'gnutls') === null || !first.trusted) ? second : first
}

/** Whether the second look is worth it: from the top down, the first thing wrong is an issuer not found or ended. */
function isMendable({ chain, trusted }: Built, at: Millis): boolean {
  if (!trusted) return true
  for (let i = chain.length - 1; i >= 0; i--) {
    const member = chain[i]!
    if (member.notAfter <= at) return true
    if (member.notBefore > at) return false
    if (i > 0 && !isLikelyIssuedBy(chain[i - 1]!, member)) return true
  }
  return false
}

function upTo(chain: Member[], anchors: Member[], at: Millis): Built {
  for (const [index, member] of chain.entries()) {
    const same = anchors.find((anchor) =>
      index === 0
        ? anchor.id === member.id
        : anchor.subjectKey === member.subjectKey && anchor.publicKey === member.publicKey,
    )
    if (same) return { chain: [...chain.slice(0, index), same], sent: index, trusted: true }
  }
  const last = chain.at(-1)!
  const signed = anchors.filter((anchor) => isLikelyIssuedBy(last, anchor) && isSignedBy(last, anchor))
  const issuer = bestIssuer(last, signed, at) ?? bestIssuer(last, anchors, at)
  if (!issuer) return { chain, sent: chain.length, trusted: false }
  return { chain: [...chain, issuer], sent: chain.length, trusted: true }
}

function inOrder(leaf: Member, others: Member[], store: TrustStore): Member[] {
  const list: Member[] = []
  let left = [leaf, ...others.filter(({ id }, i) => others.findIndex((one) => one.id === id) === i)]
  while (left.length > 0 && list.length < LONGEST) {
    const part = [left[0]!]
    for (;;) {
      const last = part.at(-1)!
      const next = left.slice(1).find((one) => one !== last && isLikelyIssuedBy(last, one))
      // A circle ends where it closes.
      if (!next || part.includes(next)) break
      part.push(next)
    }
    list.push(...part)
    left = left.filter((one) => !part.includes(one))
    const last = part.at(-1)!
    if (store.find(last.issuerKey).some((anchor) => isLikelyIssuedBy(last, anchor))) break
  }
  return list
}
