import { type EgressPolicy, exchangeJson } from '../../channels/index.ts'
import type { Clock } from '../../kit/clock.ts'
import { classifyAnswer, headerOf } from './classify-answer.rules.ts'
import {
  type Ask,
  type TrackerAnswer,
  TrackerFailed,
  type TrackerKind,
  type TrackerSettings,
} from './tracker.ts'

const MOST = 8_000_000
const PATIENCE = 20_000
const REDIRECTS = 2

export interface TrackerMeans {
  clock: Clock
  egress: EgressPolicy
  signal: AbortSignal
}

/** The way to one tracker: everything but success is thrown as `TrackerFailed`, with its reason. */
export function askTracker(kind: TrackerKind, settings: TrackerSettings, means: TrackerMeans): Ask {
  const base = kind.api(settings)
  return async (path, options = {}) => {
    const url = new URL(base + path)
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value)
    const headers = { ...kind.headers(settings), ...options.headers }
    const body = options.body === undefined ? null : JSON.stringify(options.body)
    const method = options.method ?? 'GET'
    for (let hops = 0; ; hops++) {
      const answer = await once(url.href, { method, body, headers }, settings, means)
      const { status } = answer
      if ((status >= 200 && status < 300) || status === 304) return answer
      const next = method === 'GET' && hops < REDIRECTS ? sameOrigin(url, answer) : null
      if (next === null) {
        const failure = classifyAnswer(status, answer.headers, answer.json, means.clock.now())
        throw new TrackerFailed(failure.reason, failure.detail, failure.retryAt)
      }
      url.href = next
    }
  }
}

/** A project that was renamed answers with its new address. The token goes nowhere but to the same origin. */
function sameOrigin(from: URL, { status, headers }: TrackerAnswer): string | null {
  const location = headerOf(headers, 'location')
  if (![301, 302, 307, 308].includes(status) || location === '') return null
  const to = URL.parse(location, from)
  return to?.origin === from.origin ? to.href : null
}

async function once(
  url: string,
  { method, body, headers }: { method: string; body: string | null; headers: Record<string, string> },
  settings: TrackerSettings,
  { clock, egress, signal }: TrackerMeans,
): Promise<TrackerAnswer> {
  const late = new AbortController()
  const cancel = clock.after(PATIENCE, () => late.abort())
  const exchange = await exchangeJson(url, body, {
    method,
    headers,
    egress,
    ca: settings.ca,
    most: MOST,
    signal: AbortSignal.any([signal, late.signal]),
  })
  cancel()
  if (exchange.result === 'refused') throw new TrackerFailed('egress', exchange.reason)
  if (exchange.result === 'failed') throw new TrackerFailed('no-answer', exchange.reason)
  const { status, end, text } = exchange
  if (end === 'too-large')
    throw new TrackerFailed('unreadable', 'the answer is longer than eight million characters')
  if (end !== 'whole') throw new TrackerFailed('no-answer', 'the answer broke off')
  const json = parse(text)
  if (json === undefined && status >= 200 && status < 300 && text !== '')
    throw new TrackerFailed('unreadable', `HTTP ${status}: the answer is not JSON`)
  return { status, headers: exchange.headers, json: json ?? null }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
