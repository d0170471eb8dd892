import { endpointText } from '../../net/connect.ts'
import type { Answer } from '../../net/exchange.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import type { Inspection } from '../../trust/inspect-certificate.ts'
import { type Fetched, fetchOnce } from '../fetch-once.ts'
import type { CheckContext } from '../kind.ts'
import { shownUrl } from './hide-secrets.ts'
import { type AnswerJudgement, judgeAnswer, statusExpected } from './judge-answer.rules.ts'
import { judgeLatency, type LatencyMemory } from './judge-latency.rules.ts'
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
    memory: LatencyMemory | null = null,
  ): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: { ...inspection?.values, ...values },
    ...(inspection && { certificate: inspection.certificate }),
    ...keptOver(context.memory, inspection, memory),
  })

  let hop: Hop = { url: new URL(spec.url), method: spec.method, body: spec.body, headers: headersOf(spec) }
  let warning: Inspection | null = null
  for (let redirects = 0; ; redirects++) {
    const result = await fetchHop(spec, hop, context)
    if (hasFailed(result)) {
      const verdict = result.failed === 'tls.ca-unreadable' ? 'unknown' : 'down'
      return observed(verdict, result.failed, result.summary, { url: shownUrl(hop.url.href) })
    }
    const { answer, address, inspection, timings } = result
    const { dnsMs, connectMs, tlsMs, firstByteMs } = timings
    const parts = { dnsMs, connectMs, ...(tlsMs !== null && { tlsMs }), firstByteMs }
    const values = { status: answer.status, bytes: answer.body.length, address, redirects, ...parts }
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
    const tookMs = clock.now() - started
    let judgement: AnswerJudgement = judgeAnswer(answer, spec.expect, tookMs)
    const inside = judgement.verdict === 'down' ? null : await judgeInside(answer, spec.expect)
    if (inside?.verdict === 'down') judgement = inside
    const latency = spec.expect.latency && judgeLatency(context.memory, tookMs, spec.expect.latency)
    if (latency?.exceeded && judgement.verdict === 'up') judgement = latency.exceeded
    const told = judgement.verdict !== 'down' && warning ? warning : judgement
    const all = { ...values, ...inside?.values, ...latency?.values }
    const memory = latency?.memory ?? null
    return observed(told.verdict, told.reason, told.summary, all, warning ?? inspection, memory)
  }
}

function fetchHop(spec: HttpSpec, hop: Hop, context: CheckContext): Promise<Fetched | StepFailure<string>> {
  const original = hop.url.host === new URL(spec.url).host
  // A redirect to another host has its own certificate: only the trust expected of it is the same.
  const { name, issuer, fingerprint, ...rest } = spec.expect
  const request = {
    ...hop,
    maxBody: spec.maxBody,
    family: spec.family,
    connectTo: original ? spec.connectTo : undefined,
    expect: original ? spec.expect : rest,
  }
  return fetchOnce(request, context)
}

/** The headers of the settings, with the credentials among the settings as one of them. */
function headersOf({ headers, auth }: HttpSpec): Record<string, string> {
  if (!auth) return headers
  const others = Object.entries(headers).filter(([name]) => !/^authorization$/i.test(name))
  const words =
    auth.token === undefined
      ? `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`
      : `Bearer ${auth.token}`
  return { ...Object.fromEntries(others), Authorization: words }
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

/** What the next check shall find: what was kept, renewed by what was learned; a failure in between forgets nothing. */
function keptOver(before: unknown, inspection: Inspection | null, latency: LatencyMemory | null) {
  const learned = { ...inspection?.memory, ...latency }
  return Object.keys(learned).length > 0 && { memory: { ...(before as object | null), ...learned } }
}

/** What patterns and JSON paths say of the body; what judges them is loaded where there are any. */
async function judgeInside(answer: Answer, expected: HttpSpec['expect']) {
  if (expected.matches.length + expected.notMatches.length + expected.json.length === 0) return null
  const { judgeBody } = await import('./judge-body.ts')
  return judgeBody(answer, expected)
}

/** Where an HTTP check points, for people. */
export function httpTarget(spec: HttpSpec): string {
  const via = spec.connectTo ? ` at ${endpointText(spec.connectTo.host, spec.connectTo.port)}` : ''
  return `${shownUrl(spec.url)}${via}`
}
