import { median, type Point } from './series.ts'

// The fall itself, in usual steps from one point to the next.
const STEEP = 5
// What stays of it, in usual steps, and as a share of what the series stood above its lowest.
const LASTING = 2.5
const SHARE = 0.3
const BEFORE = 9
const AFTER = 3

/**
 * Where a series was put back, as by a restart: indexes of the first point after each fall. A fall counts when it
 * is steep and lasts; one low measurement between two high ones is none, and neither is the return from a spike.
 */
export function findResets(points: readonly Point[]): number[] {
  const found: number[] = []
  if (points.length < 4) return found
  const values = points.map(({ value }) => value)
  const steps = values.slice(1).map((value, index) => value - values[index]!)
  const usual = median(steps.map(Math.abs))
  let lowest = values[0]!
  for (let index = 1; index < values.length; index++) {
    const here = values[index]!
    if (steps[index - 1]! < 0 && -steps[index - 1]! >= STEEP * usual) {
      const start = Math.max(found.at(-1) ?? 0, index - BEFORE)
      const trend = index - start > 2 ? median(steps.slice(start, index - 1)) : 0
      const expected = (at: number) => values[at]! + trend * (index - at)
      // Of an even number the lower middle: right after a restart, one spike is not half of what was before.
      const before = lowMedian(range(start, index).map(expected))
      const after = median(range(index, Math.min(index + AFTER, values.length)).map(expected))
      const fall = before - after
      if (fall > LASTING * usual && fall >= SHARE * (before - Math.min(lowest, here))) found.push(index)
    }
    lowest = Math.min(lowest, here)
  }
  return found
}

const lowMedian = (values: number[]) => values.sort((a, b) => a - b)[(values.length - 1) >> 1]!
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** The pieces between resets, oldest first; of no points one that is empty. */
export function segmentsOf(points: readonly Point[], resets = findResets(points)): Point[][] {
  const edges = [0, ...resets, points.length]
  return edges.slice(1).map((edge, index) => points.slice(edges[index]!, edge))
}

/** The lowest points of equal stretches: of what is emptied again and again by itself, only the lows may not grow. */
export function lowsOf(points: readonly Point[], stretches: number): Point[] {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return []
  const length = (last.at - first.at) / stretches || 1
  const lows = new Map<number, Point>()
  for (const point of points) {
    const stretch = Math.min(stretches - 1, Math.floor((point.at - first.at) / length))
    if (!lows.has(stretch) || point.value < lows.get(stretch)!.value) lows.set(stretch, point)
  }
  return [...lows.values()]
}
