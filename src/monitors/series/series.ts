/** What tells one series from another: its labels, the name of the metric as `__name__`. */
export type Labels = Record<string, string>

/** One measured value. */
export interface Point {
  at: number
  value: number
}

/** Values of one thing over time, oldest first. */
export interface Series {
  labels: Labels
  points: Point[]
}

/** A series as Prometheus writes it, labels in order: the same text for the same series, for people and as a key. */
export function seriesText(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels
  const inside = Object.keys(rest)
    .sort()
    .map((key) => `${labelName(key)}=${JSON.stringify(rest[key])}`)
  const plain = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)
  if (name !== '' && !plain) inside.unshift(JSON.stringify(name))
  return `${plain ? name : ''}${inside.length > 0 ? `{${inside.join(',')}}` : ''}` || '{}'
}

const labelName = (key: string) => (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) ? key : JSON.stringify(key))

/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

/** A quantile of values in order, between neighbours where it falls between them. */
export function quantile(ordered: ArrayLike<number>, share: number): number {
  if (ordered.length === 0) return Number.NaN
  const place = Math.min(Math.max(share, 0), 1) * (ordered.length - 1)
  const low = Math.floor(place)
  const [a, b] = [ordered[low]!, ordered[Math.min(low + 1, ordered.length - 1)]!]
  return a === b ? a : a + (b - a) * (place - low)
}

/** The median distance from the median: how much values scatter, whatever a few of them do. */
export function scatter(values: readonly number[], middle = median(values)): number {
  return median(values.map((value) => Math.abs(value - middle)))
}

/** The last point at or before an instant, by bisection; null where there is none. */
export function pointAt(points: readonly Point[], at: number): Point | null {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.at <= at) low = middle + 1
    else high = middle
  }
  return points[low - 1] ?? null
}
