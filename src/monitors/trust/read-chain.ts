import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { iso, type Millis } from '../../kit/clock.ts'
import type { CertificateFacts } from '../observation.ts'
import { alternativeNames, attributes, isSelfSigned, notAfter, notBefore, oneLine } from './certificate.ts'
import { type Client, clientKey } from './client.ts'
import { type ClientOutlook, lookOut } from './client-outlook.ts'
import { findPaths, type Path } from './find-paths.ts'
import type { Roots } from './roots.ts'

/** What can be said of the certificates that a server sent, whatever the hour. */
export interface Chain {
  facts: Omit<CertificateFacts, 'protocol' | 'cipher'>
  notBefore: Millis
  notAfter: Millis
  /** Organization and common name of the leaf's issuer. */
  issuerNames: string[]
  matchesName(name: string): boolean
  /** `fetched`: issuers that were not sent, which clients that fetch them would find. */
  pathsTo(roots: Roots, fetched?: X509Certificate[]): Path[]
  /** What becomes of populations of clients, whatever the hour. */
  outlookOf(clients: Client[], fetched: X509Certificate[]): ClientOutlook
}

// Parsing and verifying cost more than the handshake itself, and a server sends the same bytes every time.
const MOST_CACHED = 20_000
const cache = new Map<string, Chain>()

/** Reads the certificates as sent, leaf first; the same bytes are read once. */
export function readChain(sent: X509Certificate[]): Chain {
  const key = sent.map((certificate) => certificate.fingerprint256).join()
  const known = cache.get(key)
  if (known) return known
  if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value!)
  const chain = describe(sent)
  cache.set(key, chain)
  return chain
}

function describe(sent: X509Certificate[]): Chain {
  const leaf = sent[0]!
  const names = new Map<string, boolean>()
  const paths = new Map<string, Path[]>()
  const outlooks = new Map<string, ClientOutlook>()
  const withFetched = (key: string, fetched: X509Certificate[]) =>
    [key, ...fetched.map(({ fingerprint256 }) => fingerprint256)].join(' ')
  // DER bytes are a tenth of what a parsed certificate holds, and they are needed only for a question not yet asked.
  const bytes = sent.map((certificate) => certificate.raw)
  return {
    facts: {
      subject: oneLine(leaf.subject),
      issuer: oneLine(leaf.issuer),
      names: alternativeNames(leaf.subjectAltName),
      serial: leaf.serialNumber,
      fingerprint: leaf.fingerprint256,
      notBefore: iso(notBefore(leaf)),
      notAfter: iso(notAfter(leaf)),
      selfSigned: isSelfSigned(leaf),
      chain: sent.map((certificate) => oneLine(certificate.subject)),
    },
    notBefore: notBefore(leaf),
    notAfter: notAfter(leaf),
    issuerNames: attributes(leaf.issuer, ['O', 'CN']),
    matchesName: (name) => remembered(names, name, () => matches(new X509Certificate(bytes[0]!), name)),
    pathsTo: (roots, fetched = []) =>
      remembered(paths, withFetched(roots.id, fetched), () => {
        const [first, ...others] = bytes.map((der) => new X509Certificate(der))
        return findPaths(first!, [...others, ...fetched], roots)
      }),
    outlookOf: (clients, fetched) =>
      remembered(outlooks, withFetched(clients.map(clientKey).join(' '), fetched), () =>
        lookOut(
          bytes.map((der) => new X509Certificate(der)),
          fetched,
          clients,
        ),
      ),
  }
}

function matches(leaf: X509Certificate, name: string): boolean {
  return (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)) !== undefined
}

const MOST_ANSWERS = 50

function remembered<V>(answers: Map<string, V>, key: string, answer: () => V): V {
  const known = answers.get(key)
  if (known !== undefined) return known
  if (answers.size >= MOST_ANSWERS) answers.clear()
  const value = answer()
  answers.set(key, value)
  return value
}
