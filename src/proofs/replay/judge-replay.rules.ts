import type { Millis } from '../../kit/clock.ts'
import { formatDuration, parseDuration } from '../../kit/duration.ts'
import type { Outcome, ReplayEvidence } from '../drill.ts'
import type { Expectation } from './expectation.ts'
import type { ReplayEvent } from './replay-signals.ts'

export const REPLAY_REASONS = [
  'as-expected',
  'missing',
  'too-late',
  'unwanted',
  'paged-before',
  'no-trouble',
  'no-records',
  'no-incident',
  'monitor-gone',
] as const
export type ReplayReason = (typeof REPLAY_REASONS)[number]

export interface ReplayVerdict {
  outcome: Outcome
  reason: ReplayReason
  summary: string
  expectations: ReplayEvidence['expectations']
}

/** Whether everything came in time, and nothing that must not. */
export function judgeReplay(
  events: readonly ReplayEvent[],
  onset: Millis,
  expected: readonly Expectation[],
): ReplayVerdict {
  // What pages while all is well cannot be believed when it pages in trouble.
  const early = events.find(({ what, at }) => what === 'page' && at < onset)
  if (early)
    return {
      outcome: 'inconclusive',
      reason: 'paged-before',
      summary: `${early.state} was paged before the trouble began, so nothing is proved.`,
      expectations: [],
    }
  const after = events.filter(({ at }) => at >= onset)
  const judged = expected.map((one) => judgeOne(after, onset, one))
  const expectations = judged.map(({ reason, ...shown }) => ({ ...shown, met: reason === 'as-expected' }))
  const wrong = judged.find(({ reason }) => reason !== 'as-expected')
  if (!wrong)
    return {
      outcome: 'passed',
      reason: 'as-expected',
      summary: judged.map(sayMet).join(' '),
      expectations,
    }
  return { outcome: 'failed', reason: wrong.reason, summary: sayWrong(wrong), expectations }
}

interface Judged {
  says: string
  reason: 'as-expected' | 'missing' | 'too-late' | 'unwanted'
  afterMs: Millis | null
  withinMs: Millis | null
}

function judgeOne(events: readonly ReplayEvent[], onset: Millis, expected: Expectation): Judged {
  const says = sayExpectation(expected)
  const first = events.find((event) => fits(event, expected))
  const afterMs = first ? first.at - onset : null
  if ('never' in expected)
    return { says, reason: first ? 'unwanted' : 'as-expected', afterMs, withinMs: null }
  const withinMs = parseDuration(expected.within)!
  const reason = afterMs === null ? 'missing' : afterMs > withinMs ? 'too-late' : 'as-expected'
  return { says, reason, afterMs, withinMs }
}

function fits(event: ReplayEvent, expected: Expectation): boolean {
  if ('monitor' in expected && expected.monitor !== undefined && event.monitorId !== expected.monitor)
    return false
  if ('never' in expected) return event.what === expected.never && !isWell(event)
  if ('page' in expected)
    return event.what === 'page' && (expected.page === 'anyone' || event.state === expected.page)
  const [what, state] = wanted(expected)
  return event.what === what && event.state === state
}

// That something is up again, or over, is no trouble.
const isWell = ({ what, state }: ReplayEvent) => what === 'verdict' && state === 'up'

function wanted(expected: Exclude<Expectation, { never: unknown } | { page: unknown }>): [string, string] {
  if ('verdict' in expected) return ['verdict', expected.verdict]
  if ('alert' in expected) return ['alert', expected.alert]
  if ('incident' in expected) return ['incident', expected.incident]
  return ['update', expected.update]
}

function sayExpectation(expected: Expectation): string {
  const about = 'monitor' in expected && expected.monitor !== undefined ? ` of ${expected.monitor}` : ''
  if ('never' in expected) return `no ${expected.never}${about}`
  if ('page' in expected) return `${expected.page} is paged${about && ` about ${expected.monitor}`}`
  const [what, state] = wanted(expected)
  return `${what} ${state}${about}`
}

function sayMet({ says, afterMs }: Judged): string {
  return afterMs === null ? `Rightly, ${says}.` : `In time: ${says}, after ${formatDuration(afterMs)}.`
}

function sayWrong({ says, reason, afterMs, withinMs }: Judged): string {
  const came = afterMs === null ? '' : ` after ${formatDuration(afterMs)}`
  if (reason === 'unwanted') return `There should be ${says}, but there was one${came}.`
  const limit = withinMs === null ? '' : formatDuration(withinMs)
  if (reason === 'too-late') return `Too late: ${says}${came}; ${limit} is allowed.`
  return `It never came: ${says}, within ${limit}.`
}
