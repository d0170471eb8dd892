import type { Millis } from '../../kit/clock.ts'
import { openConnection } from '../net/connect.ts'
import { type Answer, exchange } from '../net/exchange.ts'
import { hasFailed, type StepFailure } from '../net/failure.ts'
import type { Family } from '../net/resolve.ts'
import type { CertificateExpectations } from '../trust/expectations.ts'
import { shakeHands } from '../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../trust/inspect-certificate.ts'
import type { HostPort } from './fields.ts'
import type { CheckContext } from './kind.ts'

/** One request to a web address. */
export interface FetchRequest {
  url: URL
  method?: string
  headers?: Record<string, string>
  body?: string | undefined
  /** How much of the body is read; a megabyte where nothing is said. */
  maxBody?: number
  family?: Family
  /** Where to connect in place of the address's own host, whose name is still asked for. */
  connectTo?: HostPort | undefined
  /** What the certificate must be; asked under the name in it, or that of the address. */
  expect: CertificateExpectations
}

/** How long each part of a request took; null where there was no such part. */
export interface Timings {
  dnsMs: Millis
  connectMs: Millis
  tlsMs: Millis | null
  firstByteMs: Millis | null
  totalMs: Millis
}

/** What came of a request. */
export interface Fetched {
  /** Its status is 0 where nothing was asked, because the certificate is not that of the server meant. */
  answer: Answer
  address: string
  inspection: Inspection | null
  timings: Timings
}

const MEGABYTE = 1_048_576
const unasked: Answer = { status: 0, headers: {}, body: Buffer.alloc(0), truncated: false }

/** The host of an address as it is dialled: without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

/**
 * One request over a fresh connection, look-up and handshake included. No request, and so no credential, goes to
 * a server whose certificate is judged bad: then `inspection.verdict` is down and the status 0. Follows nothing.
 */
export async function fetchOnce(
  request: FetchRequest,
  context: CheckContext,
): Promise<Fetched | StepFailure<string>> {
  const { clock, signal } = context
  const { url, expect, connectTo, family = 'any' } = request
  const host = hostOf(url)
  const started = clock.now()
  const at: Record<'resolved' | 'connected' | 'shaken' | 'head', Millis | null> = {
    resolved: null,
    connected: null,
    shaken: null,
    head: null,
  }
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const goal = connectTo ?? { host, port }
  const connection = await openConnection(goal.host, goal.port, family, signal, () => {
    at.resolved = clock.now()
  })
  if (hasFailed(connection)) return connection
  at.connected = clock.now()
  const fetched = (answer: Answer, inspection: Inspection | null): Fetched => ({
    answer,
    address: connection.address,
    inspection,
    timings: {
      dnsMs: at.resolved! - started,
      connectMs: at.connected! - at.resolved!,
      tlsMs: at.shaken === null ? null : at.shaken - at.connected!,
      firstByteMs: at.head === null ? null : at.head - (at.shaken ?? at.connected!),
      totalMs: clock.now() - started,
    },
  })
  try {
    let inspection: Inspection | null = null
    let socket = connection.socket
    if (url.protocol === 'https:') {
      const name = expect.name ?? host
      const handshake = await shakeHands(socket, { servername: name, alpn: ['http/1.1'] }, signal)
      if (hasFailed(handshake)) return handshake
      at.shaken = clock.now()
      socket = handshake.socket
      const inspected = await inspectCertificate(handshake, { ...expect, name }, context)
      if (hasFailed(inspected)) {
        socket.destroy()
        return inspected
      }
      inspection = inspected
      if (inspection.verdict === 'down') {
        socket.destroy()
        return fetched(unasked, inspection)
      }
    }
    const { method = 'GET', body, maxBody = MEGABYTE } = request
    const onHead = () => {
      at.head = clock.now()
    }
    const asked = { url, method, headers: headersOf(request), body, maxBody, onHead }
    const answer = await exchange(socket, asked, signal)
    return hasFailed(answer) ? answer : fetched(answer, inspection)
  } finally {
    connection.socket.destroy()
  }
}

function headersOf({ url, headers: own = {}, body }: FetchRequest): Record<string, string> {
  const given = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const defaults: Record<string, string> = {
    Host: url.host,
    'User-Agent': 'Tocsin',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
  }
  const missing = Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()))
  return { ...Object.fromEntries(missing), ...own, Connection: 'close' }
}
