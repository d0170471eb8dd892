import type { ISSUE_FAILURES } from '../../contract/trackers.ts'
export type FailureReason = (typeof ISSUE_FAILURES)[number]

export interface Failure {
  reason: FailureReason
  detail: string
  retryAt: number | null
}

/** Headers of an answer or of a request, by their names in lower case. */
export type Headers = Record<string, string | string[] | undefined>

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
// Whatever a header says: after a day somebody should see that it still fails.
const LONGEST = 24 * HOUR

/** A header by its name in lower case; empty where there is none. */
export const headerOf = (headers: Headers, name: string): string => {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** The instant that the headers ask to wait for, or null. */
export function retryAtOf(headers: Headers, now: number): number | null {
  const asked = instant(headerOf(headers, 'retry-after'), now, 'seconds')
  if (asked !== null) return clamp(asked, now)
  // A reset counts only where nothing is left: it stands in every answer of GitHub.
  const left = headerOf(headers, 'x-ratelimit-remaining') || headerOf(headers, 'ratelimit-remaining')
  if (left.trim() !== '0') return null
  const reset = headerOf(headers, 'x-ratelimit-reset') || headerOf(headers, 'ratelimit-reset')
  const at = instant(reset, now, 'epoch')
  return at === null ? null : clamp(at, now)
}

function instant(text: string, now: number, digits: 'seconds' | 'epoch'): number | null {
  const said = text.trim()
  if (/^\d{1,11}$/.test(said))
    return digits === 'seconds' ? now + Number(said) * SECOND : Number(said) * SECOND
  const date = said === '' ? Number.NaN : Date.parse(said)
  return Number.isNaN(date) ? null : date
}

const clamp = (at: number, now: number) => Math.min(Math.max(at, now), now + LONGEST)

/** What an answer that is no success means. */
export function classifyAnswer(status: number, headers: Headers, json: unknown, now: number): Failure {
  const said = messageOf(json)
  const detail = said ? `HTTP ${status}: ${said}` : `HTTP ${status}`
  const retryAt = retryAtOf(headers, now)
  const failed = (reason: FailureReason, at: number | null = null): Failure => ({
    reason,
    detail,
    retryAt: at,
  })
  const isLimit = /rate limit|abuse detection/i.test(said)
  if (status === 429 || (status === 403 && (retryAt !== null || isLimit)))
    return failed('rate-limited', retryAt)
  if (status === 401) return failed('unauthorized')
  if (status === 403) return failed('forbidden')
  if (status === 404) return failed('not-found')
  if (status === 410) return failed('gone')
  if (status === 408 || status === 425) return failed('no-answer')
  if (status >= 500) return failed('server-error', retryAt)
  if (status >= 300 && status < 400) return failed('moved')
  return failed('refused')
}

const LONGEST_MESSAGE = 300

/** What a tracker says is wrong, in one line: each of them says it in its own form. */
export function messageOf(json: unknown): string {
  if (json === null || typeof json !== 'object') return ''
  const body = json as Record<string, unknown>
  const parts = [
    ...texts(body.message),
    ...texts(body.error),
    ...texts(body.error_description),
    ...texts(body.errorMessages),
    ...texts(body.errors),
  ]
  return [...new Set(parts)]
    .join('; ')
    .replace(/[\s\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_MESSAGE)
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (Array.isArray(value)) return value.flatMap((one) => texts(one))
  if (value === null || typeof value !== 'object') return []
  const { message, field, code, resource } = value as Record<string, unknown>
  // GitHub: {resource, field, code, message}; GitLab and Jira: {field: what is wrong with it}.
  if (typeof code === 'string' || typeof message === 'string')
    return [[resource, field, message ?? code].filter((part) => typeof part === 'string').join(' ')]
  return Object.entries(value).flatMap(([name, inner]) => texts(inner).map((text) => `${name}: ${text}`))
}

const FIRST: Partial<Record<FailureReason, number>> = {
  'rate-limited': MINUTE,
  'server-error': 30 * SECOND,
  // What was asked for may have been done: the tracker gets time to show it.
  'no-answer': MINUTE,
}
const MOST: Partial<Record<FailureReason, number>> = { 'rate-limited': HOUR, gone: LONGEST }

/** When it is tried again: what passes by itself soon, what somebody must mend seldom. */
export function nextAttemptAt(
  failure: Pick<Failure, 'reason' | 'retryAt'>,
  failures: number,
  now: number,
): number {
  const first = FIRST[failure.reason] ?? 15 * MINUTE
  const most = MOST[failure.reason] ?? (FIRST[failure.reason] ? HOUR : 6 * HOUR)
  const wait = Math.min(first * 2 ** Math.min(failures, 20), most)
  return Math.max(now + wait, failure.retryAt ?? 0)
}

/** What somebody has to do about it. */
export function remedyOf(reason: FailureReason, tracker: string): string {
  const remedies: Record<FailureReason, string> = {
    unauthorized: `Put a valid token of "${tracker}" into the configuration, and have it read again.`,
    forbidden: `Give the token of "${tracker}" the right to read, write and comment issues of this project.`,
    'rate-limited': 'Nothing: it goes on by itself when the tracker allows it.',
    'not-found':
      'See whether the project and the issue are there and the token may see them; link the issue anew.',
    gone: 'The issue was deleted, or the project has no issues: link another one, or create it anew.',
    moved: 'The issue or its project is at another place: link it by its new address.',
    refused: 'Read what the tracker says, and mend the entry of the tracker in the configuration.',
    'server-error': 'Nothing: it is tried again. If it lasts, look after the tracker.',
    'no-answer': 'Nothing: it is tried again. If it lasts, see whether Tocsin reaches the tracker.',
    egress: 'Name the tracker’s host in channels.egress.allow.',
    unreadable: 'See whether the address of the tracker in the configuration is that of the tracker itself.',
    'not-configured': `The configuration has no tracker "${tracker}" any more: put it back, or remove the link.`,
  }
  return remedies[reason]
}
