import { median, type Point, quantile } from './series.ts'

export const AGGREGATES = ['every', 'mean', 'median', 'max', 'min', 'p95'] as const
export type Aggregate = (typeof AGGREGATES)[number]

export interface ThresholdInput {
  limit: number
  direction: 'above' | 'below'
  /** How long; zero judges the newest value alone. */
  forMs: number
  aggregate: Aggregate
  now: number
}

/** Whether a limit is broken, by which value, and since when. */
export interface Threshold {
  outcome: 'within' | 'pending' | 'broken' | 'no-data'
  value: number
  since: number | null
}

/** Judges the newest stretch of a series. "Every" asks for each of its values; the others make one value of them. */
export function judgeThreshold(given: readonly Point[], input: ThresholdInput): Threshold {
  const { limit, direction, forMs, aggregate, now } = input
  const points = given.filter(({ at, value }) => at <= now && !Number.isNaN(value))
  const newest = points.at(-1)
  if (!newest) return { outcome: 'no-data', value: Number.NaN, since: null }
  const breaks = (value: number) => (direction === 'above' ? value > limit : value < limit)
  if (aggregate === 'every' || forMs === 0) {
    if (!breaks(newest.value)) return { outcome: 'within', value: newest.value, since: null }
    let since = newest.at
    for (let index = points.length - 1; index >= 0 && breaks(points[index]!.value); index--)
      since = points[index]!.at
    const long = newest.at - since >= forMs
    return { outcome: long ? 'broken' : 'pending', value: newest.value, since }
  }
  const inside = points.filter(({ at }) => at > now - forMs)
  const values = (inside.length > 0 ? inside : [newest]).map(({ value }) => value)
  const value = aggregated(values, aggregate)
  if (!breaks(value)) return { outcome: 'within', value, since: null }
  // A stretch that is not yet as long as asked for says nothing about that long.
  const whole = points[0]!.at <= now - forMs * 0.9
  return { outcome: whole ? 'broken' : 'pending', value, since: inside[0]?.at ?? newest.at }
}

function aggregated(values: number[], how: Exclude<Aggregate, 'every'>): number {
  switch (how) {
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length
    case 'median':
      return median(values)
    case 'max':
      return values.reduce((a, b) => Math.max(a, b))
    case 'min':
      return values.reduce((a, b) => Math.min(a, b))
    case 'p95':
      return quantile(
        [...values].sort((a, b) => a - b),
        0.95,
      )
  }
}
