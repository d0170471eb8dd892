import type { Millis } from '../kit/clock.ts'
import type { MonitorState } from './monitor.ts'
import type { Observation } from './observation.ts'
import { PLACE_REASONS } from './places/quorum.rules.ts'

/** What an observation did to the confirmed verdict. */
export type VerdictOutcome = 'same' | 'waiting' | 'dismissed' | 'turned' | 'another-reason'

export interface Thresholds {
  confirm: number
  recover: number
}

/** Of what is known for certain one word is enough: a ping that came or did not, a check that never ran. */
export const ONCE: Thresholds = { confirm: 1, recover: 1 }

export interface VerdictStep {
  outcome: VerdictOutcome
  state: MonitorState
}

/**
 * Takes one observation into account. A change needs `confirm` checks in a row to turn for the worse or to name
 * another reason, and `recover` to turn up; it then counts from the first of them. What was never known is
 * believed at the first good word. `version` is left to whoever stores it.
 */
export function takeObservation(
  state: MonitorState,
  seen: Pick<Observation, 'verdict' | 'reason' | 'summary'>,
  at: Millis,
  thresholds: Thresholds,
): VerdictStep {
  const sameVerdict = seen.verdict === state.verdict
  if (sameVerdict && (seen.reason === state.reason || seen.verdict === 'up')) {
    const settled = { ...state, reason: seen.reason, summary: seen.summary, candidate: null }
    return { outcome: state.candidate ? 'dismissed' : 'same', state: settled }
  }
  const { candidate } = state
  // Two ways of being bad confirm each other; of being good there is one.
  const goesOn = candidate !== null && (candidate.verdict === 'up') === (seen.verdict === 'up')
  const count = goesOn ? candidate.count + 1 : 1
  const since = goesOn ? candidate.since : at
  const needed =
    seen.verdict === 'up' ? (state.verdict === 'unknown' ? 1 : thresholds.recover) : thresholds.confirm
  if (count < needed) {
    const { verdict, reason } = seen
    return { outcome: 'waiting', state: { ...state, candidate: { verdict, reason, count, since } } }
  }
  const { verdict, reason, summary } = seen
  if (sameVerdict) return { outcome: 'another-reason', state: { ...state, reason, summary, candidate: null } }
  return { outcome: 'turned', state: { ...state, verdict, reason, summary, since, candidate: null } }
}

/** Whether the outcome must be stored at once, rather than with the next batch. */
export function changesState(outcome: VerdictOutcome): boolean {
  return outcome !== 'same'
}

/** Reasons of a state that no observation has made: nobody is to be told of it. */
const STARTING_REASONS = {
  'check.never-ran': 'not checked yet',
  'heartbeat.never': 'no ping has come yet',
  disabled: 'switched off',
} as const

/** A monitor about which nothing is known yet. */
export function neverChecked(
  at: Millis,
  reason: keyof typeof STARTING_REASONS = 'check.never-ran',
): MonitorState {
  return {
    verdict: 'unknown',
    reason,
    summary: STARTING_REASONS[reason],
    since: at,
    candidate: null,
    maintenance: false,
    version: 1,
  }
}

/** Whether the state says nothing but that the monitor has just begun, or is switched off. */
export function hasNotBegun(state: Pick<MonitorState, 'verdict' | 'reason'>): boolean {
  return state.verdict === 'unknown' && Object.hasOwn(STARTING_REASONS, state.reason)
}

/** What is said of a monitor whose checks did not run for two intervals. */
export const NOT_CHECKED: Observation = {
  verdict: 'unknown',
  reason: 'check.not-run',
  summary: 'no check has finished for two intervals',
  tookMs: 0,
  values: {},
}

/** How often something must be seen before it is believed: that nothing was checked needs no second look. */
export function thresholdsFor(thresholds: Thresholds, reason: string): Thresholds {
  return reason === NOT_CHECKED.reason ? ONCE : thresholds
}

/** Reasons of the scheduler and of the room, beside those of the kinds. */
export const ROOM_REASONS = ['check.never-ran', 'check.not-run', 'disabled', ...PLACE_REASONS] as const
