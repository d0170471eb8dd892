import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { getCACertificates } from 'node:tls'
import { reasonOf } from '../../kit/errors.ts'
import { failure, type StepFailure } from '../net/failure.ts'

/** Certificates that end a path, found by subject. */
export interface Roots {
  /** Equal for equal sets. */
  id: string
  bySubject: Map<string, X509Certificate[]>
  fingerprints: Set<string>
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** The certificates of a PEM text, in order; throws when there is none or one cannot be read. */
export function parsePem(text: string): X509Certificate[] {
  const found = text.match(PEM)
  if (!found) throw new Error('it holds no PEM certificate')
  return found.map((pem) => new X509Certificate(pem))
}

export function rootsOf(certificates: X509Certificate[]): Roots {
  const roots: Roots = { id: '', bySubject: new Map(), fingerprints: new Set() }
  for (const certificate of certificates) {
    if (roots.fingerprints.has(certificate.fingerprint256)) continue
    roots.fingerprints.add(certificate.fingerprint256)
    const same = roots.bySubject.get(certificate.subject)
    if (same) same.push(certificate)
    else roots.bySubject.set(certificate.subject, [certificate])
  }
  roots.id = createHash('sha256')
    .update([...roots.fingerprints].sort().join())
    .digest('hex')
  return roots
}

let known: Roots | null = null

/** What this machine trusts: the roots that come with Node and those of the system. Read once. */
export function machineRoots(): Roots {
  if (known) return known
  const texts = new Set([...getCACertificates('default'), ...getCACertificates('system')])
  const certificates: X509Certificate[] = []
  for (const text of texts) {
    try {
      certificates.push(new X509Certificate(text))
    } catch {
      // One unreadable file in the system's store must not take the others with it.
    }
  }
  known = rootsOf(certificates)
  return known
}

const fileCache = new Map<string, { stamp: string; roots: Roots }>()
const inlineCache = new Map<string, Roots>()
const MOST_CACHED = 200

/** The roots of an inline PEM text or of a file, which is read again when it has changed. */
export function givenRoots(ca: string): Roots | StepFailure<'tls.ca-unreadable'> {
  try {
    if (ca.includes('-----BEGIN')) {
      const cached = inlineCache.get(ca) ?? rootsOf(parsePem(ca))
      return remember(inlineCache, ca, cached)
    }
    const { mtimeMs, size, ino } = statSync(ca)
    const stamp = `${mtimeMs} ${size} ${ino}`
    const cached = fileCache.get(ca)
    if (cached?.stamp === stamp) return cached.roots
    return remember(fileCache, ca, { stamp, roots: rootsOf(parsePem(readFileSync(ca, 'utf8'))) }).roots
  } catch (error) {
    const what = ca.includes('-----BEGIN') ? 'the given CA text' : `the CA file ${ca}`
    return failure('tls.ca-unreadable', `${what} cannot be used: ${reasonOf(error)}`)
  }
}

function remember<V>(cache: Map<string, V>, key: string, value: V): V {
  if (cache.size >= MOST_CACHED && !cache.has(key)) cache.delete(cache.keys().next().value!)
  cache.set(key, value)
  return value
}
