import type { Millis } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'

/** How long the runs of a job usually take. */
export interface UsualDuration {
  median: Millis
  /** The median distance from the median: a single slow night does not move it. */
  spread: Millis
  runs: number
}

/** Of how many past runs the usual duration is made. */
export const RUNS_COMPARED = 50
const FEWEST_RUNS = 10
// The median distance of a normal distribution, as a standard deviation.
const AS_DEVIATION = 1.4826
const DEVIATIONS = 5

/** What is usual by these durations of finished runs; null where they are too few to say. */
export function usualDuration(durations: readonly Millis[]): UsualDuration | null {
  if (durations.length < FEWEST_RUNS) return null
  const median = middle(durations)
  return { median, spread: middle(durations.map((one) => Math.abs(one - median))), runs: durations.length }
}

/**
 * From when on a run is unusual: `factor` times the median, and beyond the spread of the past ones, so that a job
 * whose runs vary is not accused of varying.
 */
export function unusualFrom({ median, spread }: UsualDuration, factor: number): Millis {
  return Math.round(Math.max(median * factor, median + DEVIATIONS * AS_DEVIATION * spread, median + SECOND))
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : Math.round((sorted[half - 1]! + sorted[half]!) / 2)
}
