import { median, type Point } from './series.ts'

/** A slope per millisecond, with the interval that holds it in nineteen of twenty cases. */
export interface Slope {
  middle: number
  low: number
  high: number
  /** How many pairs of points it was taken from. */
  pairs: number
}

// Pairs grow with the square: so many points at most, each the middle of its neighbours.
const MOST_POINTS = 120
const NINETEEN_OF_TWENTY = 1.96

/**
 * The Theil–Sen slope: the median of the slopes of all pairs, here of pairs within one piece, so that a restart
 * between two pieces does not count. Up to 29 % of the points may be anything at all. The interval is Sen's, from
 * the ranks that Kendall's variance gives.
 */
export function robustSlope(pieces: readonly (readonly Point[])[]): Slope | null {
  const each = Math.max(8, Math.floor(MOST_POINTS / Math.max(1, pieces.length)))
  const slopes: number[] = []
  let variance = 0
  for (const piece of pieces) {
    const points = mergePoints(piece, each)
    const n = points.length
    variance += (n * (n - 1) * (2 * n + 5)) / 18
    for (let a = 0; a < n; a++)
      for (let b = a + 1; b < n; b++) {
        const time = points[b]!.at - points[a]!.at
        if (time > 0) slopes.push((points[b]!.value - points[a]!.value) / time)
      }
  }
  if (slopes.length === 0) return null
  const ordered = Float64Array.from(slopes).sort()
  const reach = NINETEEN_OF_TWENTY * Math.sqrt(variance)
  const at = (rank: number) => ordered[Math.min(Math.max(Math.round(rank), 0), ordered.length - 1)]!
  const half = ordered.length >> 1
  const middle = ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2
  return {
    middle,
    low: at((ordered.length - reach) / 2),
    high: at((ordered.length + reach) / 2 - 1),
    pairs: ordered.length,
  }
}

/** At most so many points: neighbours become one at their median time and value, and a lone spike is gone. */
export function mergePoints(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points
  const merged: Point[] = []
  for (let bucket = 0; bucket < most; bucket++) {
    const from = Math.floor((bucket * points.length) / most)
    const group = points.slice(from, Math.floor(((bucket + 1) * points.length) / most))
    if (group.length === 0) continue
    merged.push({
      at: median(group.map(({ at }) => at)),
      value: median(group.map(({ value }) => value)),
    })
  }
  return merged
}
