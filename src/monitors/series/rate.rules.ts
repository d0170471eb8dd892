import { type Point, pointAt } from './series.ts'

/** How much a counter has grown between its first and last point; a fall is a restart from zero. */
export function increaseOf(points: readonly Point[]): number {
  let total = 0
  for (let index = 1; index < points.length; index++) {
    const [before, after] = [points[index - 1]!.value, points[index]!.value]
    total += after >= before ? after - before : after
  }
  return total
}

/** A counter as its rate per second, each between neighbouring points; restarts of the counter leave no trace. */
export function rateOf(points: readonly Point[]): Point[] {
  const rates: Point[] = []
  for (let index = 1; index < points.length; index++) {
    const [before, after] = [points[index - 1]!, points[index]!]
    const seconds = (after.at - before.at) / 1_000
    if (seconds <= 0) continue
    const grown = after.value >= before.value ? after.value - before.value : after.value
    rates.push({ at: after.at, value: grown / seconds })
  }
  return rates
}

/** The change over the time before an instant; null where the series does not reach back so far. */
export function changeOver(points: readonly Point[], from: number, to: number): number | null {
  const [start, end] = [pointAt(points, from), pointAt(points, to)]
  if (!start || !end || end.at <= start.at) return null
  // A neighbour from long before says little about this stretch: it is taken in proportion.
  return ((end.value - start.value) * (to - from)) / (end.at - start.at)
}
