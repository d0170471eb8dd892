import type { Millis } from '../../kit/clock.ts'
import type { Algorithm, Built } from './build-chain.ts'
import { alternativeNames, attributes } from './certificate.ts'
import { partsOf } from './der.ts'
import type { Member } from './member.ts'
import { type ConstrainedNames, forbiddenName, type NameConstraints } from './name-constraints.ts'

/** Why a chain is refused. */
export const FAULT_KINDS = [
  'no-issuer',
  'self-signed',
  'not-authority',
  'may-not-sign',
  'path-length',
  'purpose',
  'names',
  'signature',
  'expired',
  'not-yet-valid',
] as const

export interface ChainFault {
  kind: (typeof FAULT_KINDS)[number]
  /** The certificate at which it breaks. */
  member: Member
  /** Where it stands in the chain, 0 for the leaf. */
  depth: number
}

const SERVER_AUTH = '2b06010505070301'
// Netscape's and Microsoft's names for the same, from when strong encryption was a privilege.
const SERVER_GATED = ['6086480186f8420401', '2b0601040182370a0303']
const ANY_PURPOSE = '551d2500'

/** Whether its dates hold: from the first second to before the last, as OpenSSL has it. */
export function isInDate(member: Member, at: Millis): boolean {
  return member.notBefore <= at && at < member.notAfter
}

/** The first thing that is wrong with a chain as built; what no date can mend is named before dates. */
export function faultIn(
  { chain, sent, trusted }: Built,
  at: Millis,
  algorithm: Algorithm,
): ChainFault | null {
  const last = chain.length - 1
  if (!trusted)
    return { kind: chain[last]!.selfSigned ? 'self-signed' : 'no-issuer', member: chain[last]!, depth: last }
  // OpenSSL 1.0 and GnuTLS ask nothing of what stands in their store.
  const untrusted = chain.slice(0, Math.max(sent, 1))
  const anchor = chain[sent]
  if (algorithm === 'gnutls' && anchor && sent > 0 && (anchor.ca === false || !anchor.maySign))
    return { kind: anchor.maySign ? 'not-authority' : 'may-not-sign', member: anchor, depth: sent }
  if (algorithm === 'gnutls' && anchor && anchor.pathLength !== null && sent - 1 > anchor.pathLength + 1)
    return { kind: 'path-length', member: anchor, depth: sent }
  return (
    structuralFault(algorithm === 'modern' || algorithm === 'legacy' ? chain : untrusted, algorithm) ??
    nameFault(chain, algorithm) ??
    signatureFault(chain) ??
    dateFault(chain, at)
  )
}

function structuralFault(chain: Member[], algorithm: Algorithm): ChainFault | null {
  let between = 0
  for (const [depth, member] of chain.entries()) {
    const fault = (kind: ChainFault['kind']): ChainFault => ({ kind, member, depth })
    if (!servesServers(member, algorithm)) return fault('purpose')
    if (depth === 0) {
      if (!member.mayServe && algorithm !== 'gnutls') return fault('purpose')
      continue
    }
    if (!isAuthority(member, depth < chain.length - 1 && algorithm !== 'openssl-1.0'))
      return fault('not-authority')
    if (!member.maySign) return fault('may-not-sign')
    if (member.pathLength !== null && depth > 1 && between > member.pathLength) return fault('path-length')
    if (!member.selfIssued) between++
  }
  return null
}

/** Whether the authorities of a chain may issue for servers, and for the names of those below them. */
export function scopeFault(chain: Member[]): ChainFault | null {
  for (const [depth, member] of chain.entries())
    if (depth > 0 && !servesServers(member, 'gnutls')) return { kind: 'purpose', member, depth }
  return nameFault(chain, 'modern')
}

function servesServers({ purposes }: Member, algorithm: Algorithm): boolean {
  if (purposes === null || purposes.includes(SERVER_AUTH)) return true
  if (algorithm === 'gnutls') return purposes.includes(ANY_PURPOSE)
  return purposes.some((purpose) => SERVER_GATED.includes(purpose))
}

function isAuthority(member: Member, between: boolean): boolean {
  if (member.ca !== null) return member.ca
  // What has no basic constraints can be a root: older than version 3, or with a key that may sign.
  if (between) return false
  return (member.version === 1 && member.selfSigned) || (member.hasKeyUsage && member.maySign)
}

function nameFault(chain: Member[], algorithm: Algorithm): ChainFault | null {
  for (const [depth, member] of chain.entries()) {
    if (depth > 0 && member.selfIssued) continue
    const names = namesOf(member)
    for (const issuer of chain.slice(depth + 1))
      if (issuer.constraints && isForbidden(issuer.constraints, names, algorithm))
        return { kind: 'names', member: issuer, depth: chain.indexOf(issuer) }
  }
  return null
}

function isForbidden(constraints: NameConstraints, names: ConstrainedNames, algorithm: Algorithm): boolean {
  // OpenSSL 1.0 cannot read networks, and refuses what it cannot read.
  const networks = [...constraints.permitted, ...constraints.excluded].some(({ kind }) => kind === 'ip')
  if (algorithm === 'openssl-1.0' && networks && names.ip.length > 0) return true
  return forbiddenName(constraints, names) !== null
}

function namesOf({ certificate }: Member): ConstrainedNames {
  const all = alternativeNames(certificate.subjectAltName)
  const dns = all.filter((name) => !isAddress(name))
  const common = attributes(certificate.subject, ['CN']).filter((name) => /^[\w*.-]+\.[\w.-]+$/.test(name))
  const subject = partsOf(certificate.raw)?.subject ?? null
  return {
    dns: all.length === 0 && !certificate.ca ? common : dns,
    ip: all.filter(isAddress),
    email: [...(certificate.subjectAltName ?? '').matchAll(/email:([^,]+)/g)].map(([, address]) => address!),
    subject: certificate.subject ? subject : null,
  }
}

const isAddress = (name: string) => /^[\d.]+$|:/.test(name)

const verified = new WeakMap<Member, WeakMap<Member, boolean>>()

/** Whether the key of `issuer` made the signature of `member`; each pair is verified once. */
export function isSignedBy(member: Member, issuer: Member): boolean {
  const known = verified.get(member) ?? new WeakMap<Member, boolean>()
  verified.set(member, known)
  let answer = known.get(issuer)
  if (answer === undefined) {
    try {
      answer = member.certificate.verify(issuer.certificate.publicKey)
    } catch {
      answer = false // A key or signature algorithm that OpenSSL does not know proves nothing.
    }
    known.set(issuer, answer)
  }
  return answer
}

function signatureFault(chain: Member[]): ChainFault | null {
  for (const [depth, member] of chain.entries()) {
    const issuer = chain[depth + 1]
    if (issuer && !isSignedBy(member, issuer)) return { kind: 'signature', member, depth }
  }
  return null
}

function dateFault(chain: Member[], at: Millis): ChainFault | null {
  for (const [depth, member] of chain.entries())
    if (!isInDate(member, at))
      return { kind: at < member.notBefore ? 'not-yet-valid' : 'expired', member, depth }
  return null
}
