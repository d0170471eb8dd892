import type { X509Certificate } from 'node:crypto'
import type { Millis } from '../../kit/clock.ts'
import { isIssuedBy, notAfter, notBefore, oneLine } from './certificate.ts'
import { scopeFault } from './check-chain.ts'
import { pathLengthOf } from './der.ts'
import { type Member, memberOf } from './member.ts'
import type { Roots } from './roots.ts'

/** One member of a path, without the certificate object, so that thousands can be kept. */
export interface PathMember {
  subject: string
  notBefore: Millis
  notAfter: Millis
}

/** A chain of verified signatures from the leaf to a trusted certificate. Dates are judged later, per instant. */
export interface Path {
  members: PathMember[]
  /** Why no client may use it, whatever the date; null when it is sound. */
  defect: string | null
}

// A hostile server may send a graph that is expensive to walk.
const LONGEST_PATH = 10
const MOST_STEPS = 200
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const ANY_PURPOSE = '2.5.29.37.0'

/** Every path from the leaf through the certificates sent, in any order, to the given roots. */
export function findPaths(leaf: X509Certificate, sent: X509Certificate[], roots: Roots): Path[] {
  const paths: Path[] = []
  let steps = 0
  const walk = (chain: X509Certificate[]) => {
    const last = chain.at(-1)!
    if (roots.fingerprints.has(last.fingerprint256)) {
      paths.push(toPath(chain))
      return
    }
    if (chain.length >= LONGEST_PATH) return
    const onPath = new Set(chain.map((member) => member.fingerprint256))
    const candidates = [
      ...(roots.bySubject.get(last.issuer) ?? []),
      ...sent.filter((certificate) => certificate.subject === last.issuer),
    ]
    for (const issuer of candidates) {
      if (++steps > MOST_STEPS) return
      if (onPath.has(issuer.fingerprint256)) continue
      onPath.add(issuer.fingerprint256)
      if (isIssuedBy(last, issuer)) walk([...chain, issuer])
    }
  }
  walk([leaf])
  return paths
}

function toPath(chain: X509Certificate[]): Path {
  return {
    members: chain.map((certificate) => ({
      subject: oneLine(certificate.subject),
      notBefore: notBefore(certificate),
      notAfter: notAfter(certificate),
    })),
    defect: defectOf(chain),
  }
}

function defectOf(chain: X509Certificate[]): string | null {
  const purposes = chain[0]!.keyUsage as string[] | undefined
  if (purposes && !purposes.includes(SERVER_AUTH) && !purposes.includes(ANY_PURPOSE))
    return 'the certificate is not meant for servers'
  for (const [index, issuer] of chain.entries()) {
    if (index === 0) continue
    const name = oneLine(issuer.subject)
    if (!issuer.ca) return `${name} signs certificates but is not an authority`
    const pathLength = pathLengthOf(issuer.raw)
    if (pathLength !== null && index - 1 > pathLength)
      return `${name} allows ${pathLength} further authorities, the chain has ${index - 1}`
  }
  return scopeDefect(chain.flatMap((certificate) => memberOf(certificate) ?? []))
}

/** What an authority may not issue, although it is one: certificates for servers, or for these names. */
function scopeDefect(chain: Member[]): string | null {
  const fault = scopeFault(chain)
  if (fault === null || fault.depth === 0) return null
  const what = fault.kind === 'purpose' ? 'for servers' : 'for these names'
  return `${fault.member.subject} may not issue ${what}`
}
