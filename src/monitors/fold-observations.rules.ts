import type { Millis } from '../kit/clock.ts'
import type { MonitorState } from './monitor.ts'
import type { Observation } from './observation.ts'
import { checkInterval } from './schedule.rules.ts'
import { type Thresholds, takeObservation, thresholdsFor, type VerdictStep } from './verdict.rules.ts'

/** What was seen at an instant: as much of an observation as the rules look at. */
export type Seen = Pick<Observation, 'verdict' | 'reason' | 'summary'>

/** One observation of a recorded signal. */
export interface SeenAt {
  at: Millis
  seen: Seen
}

/** An observation that changed what is confirmed, and told somebody. */
export interface Turn extends SeenAt {
  /** What was confirmed before it. */
  from: MonitorState['verdict']
  step: VerdictStep
}

/** What came of a stretch of observations. */
export interface Folded {
  /** Every confirmed change, in the order of time. */
  turns: Turn[]
  /** What is confirmed at the end. */
  state: MonitorState
  observations: number
}

/** How a monitor is judged and how often it is looked at. */
export interface Pace extends Thresholds {
  every: Millis
  retryEvery: Millis
}

/** Whether the step is one of which others hear, rather than one that still waits. */
export function isTold({ outcome }: Pick<VerdictStep, 'outcome'>): boolean {
  return outcome === 'turned' || outcome === 'another-reason'
}

class Fold {
  readonly turns: Turn[] = []
  state: MonitorState
  observations = 0
  readonly #thresholds: Thresholds

  constructor(start: MonitorState, thresholds: Thresholds) {
    this.state = start
    this.#thresholds = thresholds
  }

  take(at: Millis, seen: Seen): void {
    this.observations++
    const { state } = this
    // Nearly every observation of a month says what is known; it changes nothing, so nothing is worked out.
    if (
      state.candidate === null &&
      seen.verdict === state.verdict &&
      seen.reason === state.reason &&
      seen.summary === state.summary
    )
      return
    const step = takeObservation(state, seen, at, thresholdsFor(this.#thresholds, seen.reason))
    if (isTold(step)) this.turns.push({ at, seen, from: state.verdict, step })
    this.state = step.state
  }

  end(): Folded {
    const { turns, state, observations } = this
    return { turns, state, observations }
  }
}

/**
 * Judges what was recorded of one monitor by the rules that judge it in life, without a store: millions of
 * observations come down to the few that changed something.
 */
export function foldObservations(
  start: MonitorState,
  recorded: Iterable<SeenAt>,
  thresholds: Thresholds,
): Folded {
  const fold = new Fold(start, thresholds)
  let last = Number.NEGATIVE_INFINITY
  for (const { at, seen } of recorded) {
    if (at < last) throw new RangeError('observations must come in the order of time')
    last = at
    fold.take(at, seen)
  }
  return fold.end()
}

/**
 * Looks at a target as the schedule of the monitor would, from `first` until before `until`: at its interval, and
 * sooner while a change waits for its confirmation. `look` says what is there to be seen at an instant.
 */
export function foldAtPace(
  start: MonitorState,
  look: (at: Millis) => Seen,
  { first, until }: { first: Millis; until: Millis },
  pace: Pace,
): Folded {
  const fold = new Fold(start, pace)
  for (let at = first; at < until; ) {
    const waited = fold.state.candidate !== null
    fold.take(at, look(at))
    at += checkInterval(pace, waited || fold.state.candidate !== null)
  }
  return fold.end()
}
