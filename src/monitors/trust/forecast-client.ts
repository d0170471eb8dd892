import { iso, type Millis } from '../../kit/clock.ts'
import { advise } from './advise-client.ts'
import { buildChain, type Outcome, type TrustStore } from './build-chain.ts'
import type { Client, ClientForecast, Served, Stretch } from './client.ts'
import type { CertificateReason } from './judge-certificate.rules.ts'
import type { Member } from './member.ts'
import { fullName, issuerName, shortName } from './member-names.ts'

// A hostile server may send a tangle; what real clients keep is a handful.
const MOST_RELATED = 60

/** What becomes of each client: every date at which anything on its paths begins or ends is tried. */
export function forecastClients(served: Served, clients: Client[]): ClientForecast[] {
  return clients.map((client) => ({
    name: client.name,
    algorithm: client.algorithm,
    stretches: stretchesOf(served, client, clients),
  }))
}

function stretchesOf(served: Served, client: Client, all: Client[]): Stretch[] {
  const { leaf, sent } = served
  const stretches: Stretch[] = []
  for (const [from, to] of spans(leaf, [...sent, ...related(sent, client.store)])) {
    const outcome = buildChain(client.algorithm, leaf, sent, client.store, from)
    const reason = reasonOf(outcome)
    const through = outcome.fault ? outcome.fault.member.subject : null
    const path = outcome.chain.map(({ id }) => id)
    const broken = outcome.fault !== null
    const advice = broken ? advise(served, client, all, outcome, from) : null
    const last = stretches.at(-1)
    const same =
      last?.reason === reason &&
      last.through === through &&
      last.advice === advice &&
      last.path.join() === path.join()
    if (same) last.to = to
    else
      stretches.push({
        from,
        to,
        reason,
        through,
        because: broken
          ? { since: because(outcome, client, 'ended'), ahead: because(outcome, client, 'ends') }
          : null,
        advice,
        path,
      })
  }
  return stretches
}

/** The times between two dates at which something changes, from when the leaf begins to beyond its end. */
function spans(leaf: Member, others: Member[]): [Millis, Millis][] {
  const dates = others.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter])
  const points = new Set([
    leaf.notBefore,
    leaf.notAfter,
    ...dates.filter((at) => at > leaf.notBefore && at < leaf.notAfter),
  ])
  const sorted = [...points].sort((a, b) => a - b)
  return sorted.map((from, i) => [from, sorted[i + 1] ?? Number.POSITIVE_INFINITY])
}

/** Certificates of the store that a path from the sent ones could come to. */
function related(sent: Member[], store: TrustStore): Member[] {
  const found = new Map<string, Member>()
  const queue = [...sent]
  for (let next = queue.shift(); next && found.size < MOST_RELATED; next = queue.shift())
    for (const key of [next.issuerKey, next.subjectKey])
      for (const member of store.find(key)) {
        if (found.has(member.id)) continue
        found.set(member.id, member)
        queue.push(member)
      }
  return [...found.values()]
}

function reasonOf({ fault }: Outcome): CertificateReason | null {
  if (fault === null) return null
  const ofLeaf = fault.depth === 0
  if (fault.kind === 'expired') return ofLeaf ? 'certificate.expired' : 'certificate.chain-expired'
  if (fault.kind === 'not-yet-valid')
    return ofLeaf ? 'certificate.not-yet-valid' : 'certificate.chain-expired'
  if (fault.kind === 'self-signed' && ofLeaf) return 'certificate.self-signed'
  return 'certificate.untrusted'
}

/** Why it breaks, as half a sentence. */
function because({ chain, sent, fault }: Outcome, client: Client, ends: 'ended' | 'ends'): string {
  const { kind, member, depth } = fault!
  const day = (at: Millis) => iso(at).slice(0, 10)
  const name = `"${shortName(member)}"`
  if (kind === 'expired' || kind === 'not-yet-valid') {
    const when =
      kind === 'expired' ? `${ends} on ${day(member.notAfter)}` : `begins on ${day(member.notBefore)}`
    if (depth === 0) return `the certificate itself ${when}`
    const cross = chain.slice(1, sent).find((one) => !one.selfSigned && hasTwin(one, client))
    if (cross && client.algorithm !== 'modern')
      return (
        `the server sends ${fullName(cross)}, ${member === cross ? '' : `which leads to ${name}, `}which ${when}, ` +
        `and this client follows what was sent instead of going to the "${shortName(cross)}" that it trusts itself`
      )
    return `${depth < sent ? 'the sent certificate ' : ''}${depth < sent ? fullName(member) : name} ${when}`
  }
  const last = chain.at(-1)!
  switch (kind) {
    case 'self-signed':
      return depth === 0
        ? 'the certificate signs itself and it does not trust it'
        : `it does not trust the root ${name} that the server sends`
    case 'no-issuer': {
      const cross = chain.slice(1).find((one) => !one.selfSigned && hasTwin(one, client))
      if (cross)
        return (
          `the server sends ${fullName(cross)}, which leads to no root that it trusts, and this client ` +
          `follows what was sent instead of going to the "${shortName(cross)}" that it trusts itself`
        )
      return `it finds no certificate of "${issuerName(last)}", which signed ${name}`
    }
    case 'not-authority':
      return `${name} signs certificates but is not an authority`
    case 'may-not-sign':
      return `the key of ${name} may not sign certificates`
    case 'path-length':
      return `${name} allows fewer authorities below it than the chain has`
    case 'purpose':
      return depth === 0 ? 'the certificate is not meant for servers' : `${name} may not issue for servers`
    case 'names':
      return `${name} may not issue for these names`
    default:
      return `${name} was not signed by the "${issuerName(member)}" that it finds`
  }
}

/** Whether the client has a root with the name and the key of a certificate that is cross-signed. */
export function hasTwin(member: Member, { store }: Client): boolean {
  return store.find(member.subjectKey).some((root) => root.selfSigned && root.publicKey === member.publicKey)
}
