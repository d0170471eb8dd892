import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Verdict } from '../../observation.ts'
import { type Binding, bindingsOf, header, type SipResponse } from './message.rules.ts'
import type { SipSpec, StatusRange } from './spec.ts'

/** What can be said of an answer. */
export const ANSWER_REASONS = [
  'sip.unauthorized',
  'sip.status-unexpected',
  'sip.not-bound',
  'sip.bindings-unexpected',
  'sip.not-replicated',
  'sip.still-bound',
  'slow',
] as const
export type SipReason = (typeof ANSWER_REASONS)[number] | 'ok'

export interface SipJudgement {
  verdict: Exclude<Verdict, 'unknown'>
  reason: SipReason
  summary: string
}

/** Declining is an answer too: who says 404 or 486 is alive. */
const ALIVE: StatusRange[] = [
  [200, 299],
  [401, 401],
  [403, 405],
  [407, 407],
  [483, 483],
  [486, 486],
]
const SUCCESS: StatusRange[] = [[200, 299]]

/** The statuses that are right for this monitor. */
export function rightStatuses({ method, expect }: Pick<SipSpec, 'method' | 'expect'>): StatusRange[] {
  return expect.status ?? (method === 'register' ? SUCCESS : ALIVE)
}

/** The binding of this check in a registrar's list, and how many there are. */
export function findBinding(response: SipResponse, contact: string): { own: Binding | null; all: number } {
  // One that is listed with no time left is gone.
  const all = bindingsOf(response).filter(({ expires }) => expires !== 0)
  // The user part is a random token; some registrars rewrite host and port behind address translation.
  const token = contact.slice(0, contact.indexOf('@') + 1)
  return { own: all.find(({ uri }) => uri.startsWith(token)) ?? null, all: all.length }
}

/** Judges the final answer to OPTIONS or REGISTER. */
export function judgeAnswer(
  response: SipResponse,
  spec: Pick<SipSpec, 'method' | 'expect' | 'user'>,
  contact: string,
  latency: Millis,
): SipJudgement {
  const { expect, method } = spec
  const told = `${response.status} ${response.phrase}`.trim()
  const word = method.toUpperCase()
  const right = rightStatuses(spec).some(([from, to]) => response.status >= from && response.status <= to)
  if (!right && (response.status === 401 || response.status === 407))
    return down(
      'sip.unauthorized',
      `${word} was answered ${told}, and no password is configured to answer with`,
    )
  if (!right) {
    const wait = /^\d{1,9}/.exec(header(response, 'retry-after') ?? '')?.[0]
    const later = wait === undefined ? '' : `, try again in ${formatDuration(Number(wait) * 1_000)}`
    return down('sip.status-unexpected', `${word} was answered ${told}${later}`)
  }
  const registered = method === 'register' && response.status >= 200 && response.status <= 299
  const { own, all } = findBinding(response, contact)
  if (registered) {
    if (!own) {
      const others = all === 0 ? 'the list of contacts is empty' : `only other contacts are listed (${all})`
      return down('sip.not-bound', `REGISTER was answered ${told}, but did not bind: ${others}`)
    }
    const [least, most] = [expect.minBindings ?? 1, expect.maxBindings ?? Number.POSITIVE_INFINITY]
    if (all < least || all > most) {
      const wanted = all < least ? `at least ${least}` : `at most ${most}`
      return down('sip.bindings-unexpected', `${counted(all)} where ${wanted} are expected`)
    }
  }
  if (expect.maxLatency !== undefined && latency > expect.maxLatency) {
    const summary = `${word} was answered ${told} after ${formatDuration(latency)}, ${formatDuration(expect.maxLatency)} is the limit`
    return { verdict: 'degraded', reason: 'slow', summary }
  }
  const summary = registered
    ? `registered ${spec.user} in ${formatDuration(latency)}: ${told}, ${counted(all)}`
    : `${word} was answered ${told} in ${formatDuration(latency)}`
  return { verdict: 'up', reason: 'ok', summary }
}

const down = (reason: SipReason, summary: string): SipJudgement => ({ verdict: 'down', reason, summary })
const counted = (bindings: number) => (bindings === 1 ? '1 binding' : `${bindings} bindings`)
