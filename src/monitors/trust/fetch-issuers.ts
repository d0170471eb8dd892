import { X509Certificate } from 'node:crypto'
import type { Clock, Millis } from '../../kit/clock.ts'
import { DAY, MINUTE, SECOND } from '../../kit/duration.ts'
import type { CheckContext } from '../kinds/kind.ts'
import { hasFailed } from '../net/failure.ts'
import { isIssuedBy } from './certificate.ts'
import { children, elementAt, wholeOf } from './der.ts'
import { fetchDocument } from './fetch-document.ts'
import { parsePem } from './roots.ts'

// A server decides what its certificate points to: little is fetched, seldom, and never for long.
const MOST_FETCHED = 3
const PATIENCE = 3 * SECOND
const KEPT = DAY
const KEPT_FAILURE = 10 * MINUTE
const MOST_CACHED = 500

interface Fetched {
  until: Millis
  certificates: X509Certificate[]
}
const cache = new Map<string, Fetched>()
const under = new Map<string, Promise<X509Certificate[]>>()

/**
 * The issuers that were not sent, from where the certificates say they are (authority information access), over
 * http as that field demands. What cannot be fetched is left out: it says nothing about the server.
 */
export async function fetchIssuers(
  sent: X509Certificate[],
  { clock, signal }: Pick<CheckContext, 'clock' | 'signal'>,
): Promise<X509Certificate[]> {
  const found: X509Certificate[] = []
  let top = topOf(sent)
  for (let i = 0; i < MOST_FETCHED && top && top.subject !== top.issuer; i++) {
    const address = issuerAddress(top)
    if (address === null) break
    const last: X509Certificate = top
    const issuer = (await fetched(address, clock, signal)).find((one) => isIssuedBy(last, one))
    if (!issuer || found.some((one) => one.fingerprint256 === issuer.fingerprint256)) break
    found.push(issuer)
    top = issuer
  }
  return found
}

/** The last certificate to which the sent ones lead from the leaf. */
function topOf(sent: X509Certificate[]): X509Certificate | undefined {
  let top = sent[0]
  for (let i = 0; top && i < sent.length; i++) {
    const last: X509Certificate = top
    const issuer = sent.find((one) => one !== last && one.subject === last.issuer && isIssuedBy(last, one))
    if (!issuer) break
    top = issuer
  }
  return top
}

/** Where the issuer of a certificate can be had. */
export function issuerAddress(certificate: X509Certificate): string | null {
  const line = /^CA Issuers - URI:(http:\/\/\S+)$/im.exec(certificate.infoAccess ?? '')
  return line && line[1]!.length <= 1_000 && URL.canParse(line[1]!) ? line[1]! : null
}

async function fetched(address: string, clock: Clock, signal: AbortSignal): Promise<X509Certificate[]> {
  const known = cache.get(address)
  if (known && clock.now() < known.until) return known.certificates
  let running = under.get(address)
  if (!running) {
    running = fetchNow(address, clock, signal).finally(() => under.delete(address))
    under.set(address, running)
  }
  return running
}

async function fetchNow(address: string, clock: Clock, signal: AbortSignal): Promise<X509Certificate[]> {
  const box = new AbortController()
  const close = () => box.abort()
  const cancel = clock.after(PATIENCE, close)
  signal.addEventListener('abort', close, { once: true })
  let certificates: X509Certificate[] = []
  try {
    const answer = await fetchDocument(address, { signal: box.signal })
    if (!hasFailed(answer) && answer.status === 200) certificates = readCertificates(answer.bytes)
  } catch {
    // An address that cannot be asked at all is one that has no answer.
  } finally {
    cancel()
    signal.removeEventListener('abort', close)
  }
  if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value!)
  cache.set(address, {
    until: clock.now() + (certificates.length > 0 ? KEPT : KEPT_FAILURE),
    certificates,
  })
  return certificates
}

const MOST_READ = 10

/** A certificate as DER or PEM, or those in a PKCS #7 bag; whatever else comes gives none. */
export function readCertificates(bytes: Uint8Array): X509Certificate[] {
  if (Buffer.from(bytes).includes('-----BEGIN CERTIFICATE')) {
    try {
      return parsePem(Buffer.from(bytes).toString('latin1')).slice(0, MOST_READ)
    } catch {
      return []
    }
  }
  const alone = certificateIn(bytes)
  return alone ? [alone] : bagged(bytes)
}

function bagged(bytes: Uint8Array): X509Certificate[] {
  const outer = elementAt(bytes, 0)
  const content = outer && children(bytes, outer)[1]
  const signed = content && children(bytes, content)[0]
  const bag = signed && children(bytes, signed).find(({ tag }) => tag === 0xa0)
  return (bag ? children(bytes, bag) : [])
    .slice(0, MOST_READ)
    .flatMap((element) => certificateIn(wholeOf(bytes, element)) ?? [])
}

function certificateIn(bytes: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(bytes)
  } catch {
    return null
  }
}
