import { endpointText, openConnection } from '../../net/connect.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { shakeHands } from '../../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../../trust/inspect-certificate.ts'
import type { CheckContext } from '../kind.ts'
import { type Answer, exchange } from './exchange.ts'
import { shownUrl } from './hide-secrets.ts'
import { judgeAnswer, statusExpected } from './judge-answer.rules.ts'
import type { HttpSpec } from './spec.ts'

// `http.redirect-refused` covers other schemes and addresses that cannot be read.
export const HTTP_REASONS = ['http.redirect-refused', 'http.redirects-exhausted'] as const

/** One request on its way through redirects. */
interface Hop {
  url: URL
  method: string
  body: string | undefined
  headers: Record<string, string>
}

interface HopResult {
  answer: Answer
  address: string
  inspection: Inspection | null
}

// Credentials are for the host they were configured for, and for no other.
const CREDENTIALS = /^(authorization|cookie|proxy-authorization|x-api-key)$/i

/** Fetches the address, follows redirects and judges certificates and the last answer. */
export async function checkHttp(spec: HttpSpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const observed = (
    verdict: Observation['verdict'],
    reason: string,
    summary: string,
    values: Observation['values'] = {},
    inspection: Inspection | null = null,
  ): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: { ...inspection?.values, ...values },
    ...(inspection && { certificate: inspection.certificate }),
  })

  let hop: Hop = { url: new URL(spec.url), method: spec.method, body: spec.body, headers: spec.headers }
  let warning: Inspection | null = null
  for (let redirects = 0; ; redirects++) {
    const result = await fetchHop(spec, hop, context)
    if (hasFailed(result)) {
      const verdict = result.failed === 'tls.ca-unreadable' ? 'unknown' : 'down'
      return observed(verdict, result.failed, result.summary, { url: shownUrl(hop.url.href) })
    }
    const { answer, address, inspection } = result
    const values = { status: answer.status, bytes: answer.body.length, address, redirects }
    if (inspection?.verdict === 'down')
      return observed('down', inspection.reason, inspection.summary, values, inspection)
    if (inspection?.verdict === 'degraded') warning ??= inspection
    const location = isRedirect(answer.status) ? answer.headers.location : undefined
    if (location !== undefined && spec.followRedirects > 0 && !statusExpected(answer.status, spec.expect)) {
      if (redirects >= spec.followRedirects) {
        const summary = `more than ${spec.followRedirects} redirects, the last to ${shownUrl(location).slice(0, 200)}`
        return observed('down', 'http.redirects-exhausted', summary, values, inspection)
      }
      const next = nextHop(hop, answer.status, location)
      if (hasFailed(next)) return observed('down', next.failed, next.summary, values, inspection)
      hop = next
      continue
    }
    const judgement = judgeAnswer(answer, spec.expect, clock.now() - started)
    const told = judgement.verdict !== 'down' && warning ? warning : judgement
    return observed(told.verdict, told.reason, told.summary, values, warning ?? inspection)
  }
}

async function fetchHop(
  spec: HttpSpec,
  hop: Hop,
  context: CheckContext,
): Promise<HopResult | StepFailure<string>> {
  const { signal } = context
  const { url } = hop
  const original = url.host === new URL(spec.url).host
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const goal = original && spec.connectTo ? spec.connectTo : { host, port }
  const connection = await openConnection(goal.host, goal.port, spec.family, signal)
  if (hasFailed(connection)) return connection
  try {
    let inspection: Inspection | null = null
    let socket = connection.socket
    if (url.protocol === 'https:') {
      const name = (original && spec.expect.name) || host
      const handshake = await shakeHands(socket, { servername: name, alpn: ['http/1.1'] }, signal)
      if (hasFailed(handshake)) return handshake
      socket = handshake.socket
      // A redirect to another host has its own certificate: only the trust expected of it is the same.
      const { issuer, fingerprint, ...rest } = spec.expect
      const expected = { ...rest, name, ...(original && { issuer, fingerprint }) }
      const inspected = await inspectCertificate(handshake, expected, context)
      if (hasFailed(inspected)) return inspected
      inspection = inspected
      // No request, and so no credential, goes to a server that is not the one meant.
      if (inspection.verdict === 'down') {
        socket.destroy()
        const { reason, summary } = inspection
        return {
          answer: unasked,
          address: connection.address,
          inspection: { ...inspection, reason, summary },
        }
      }
    }
    const answer = await exchange(
      socket,
      { ...hop, headers: headersOf(hop, url), maxBody: spec.maxBody },
      signal,
    )
    if (hasFailed(answer)) return answer
    return { answer, address: connection.address, inspection }
  } finally {
    connection.socket.destroy()
  }
}

const unasked: Answer = { status: 0, headers: {}, body: Buffer.alloc(0), truncated: false }

function headersOf(hop: Hop, url: URL): Record<string, string> {
  const given = new Set(Object.keys(hop.headers).map((name) => name.toLowerCase()))
  const defaults: Record<string, string> = {
    Host: url.host,
    'User-Agent': 'Tocsin',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    ...(hop.body !== undefined && { 'Content-Length': String(Buffer.byteLength(hop.body)) }),
  }
  const missing = Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()))
  return { ...Object.fromEntries(missing), ...hop.headers, Connection: 'close' }
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

function nextHop(hop: Hop, status: number, location: string): Hop | StepFailure<'http.redirect-refused'> {
  if (!URL.canParse(location, hop.url.href))
    return failure('http.redirect-refused', 'the redirect has no readable address')
  const url = new URL(location, hop.url.href)
  if (!/^https?:$/.test(url.protocol))
    return failure('http.redirect-refused', `redirected to ${url.protocol}, not the web`)
  const away = url.origin !== hop.url.origin
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) => !away || !(CREDENTIALS.test(name) || /^host$/i.test(name)),
    ),
  )
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  return becomesGet ? { url, method: 'GET', body: undefined, headers } : { ...hop, url, headers }
}

/** Where an HTTP check points, for people. */
export function httpTarget(spec: HttpSpec): string {
  const via = spec.connectTo ? ` at ${endpointText(spec.connectTo.host, spec.connectTo.port)}` : ''
  return `${shownUrl(spec.url)}${via}`
}
