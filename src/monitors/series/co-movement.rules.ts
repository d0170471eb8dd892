import { median, type Point, pointAt, quantile, type Series, scatter } from './series.ts'

export interface Stretch {
  baselineFrom: number
  from: number
  to: number
}

/** A series that left its usual course within the stretch. */
export interface Moved<S extends Series = Series> {
  series: S
  direction: 'up' | 'down'
  /** The change, in widths of the usual scatter. */
  score: number
  /** With the series that moved the most; null where too little is known of either. */
  correlation: number | null
  onset: number
  before: number
  during: number
}

// Three widths and a half of a normal scatter: one in two thousand by chance, where the scatter is well known.
const FAR = 3.5
const FEWEST = 4
// Of few samples the scatter is guessed, and often too small: of four it takes eight times as much. The test draws noise
// of every number of samples against it.
const FEW = 28
const STEPS = 60
// The scatter of a normal distribution is so many times its median distance from the median.
const NORMAL = 1.4826

/** Which series moved in a stretch, against the time before: the one that moved the most first. */
export function findMoved<S extends Series>(all: readonly S[], stretch: Stretch): Moved<S>[] {
  const moved = all.map((series) => movedOf(series, stretch)).filter((one) => one !== null)
  moved.sort((a, b) => b.score - a.score || a.onset - b.onset)
  const first = moved[0]
  if (!first) return []
  return moved.map((one) => ({ ...one, correlation: alikeness(one.series, first.series, stretch) }))
}

function movedOf<S extends Series>(series: S, { baselineFrom, from, to }: Stretch): Moved<S> | null {
  const finite = series.points.filter(({ value }) => Number.isFinite(value))
  const usual = finite.filter(({ at }) => at >= baselineFrom && at < from)
  const inside = finite.filter(({ at }) => at >= from && at <= to)
  if (usual.length < FEWEST || inside.length < 2) return null
  const values = usual.map(({ value }) => value)
  const middle = median(values)
  // The part that moved may be shorter than the stretch: the extreme that a quarter of it reaches counts.
  const ordered = inside.map(({ value }) => value).sort((a, b) => a - b)
  const [high, low] = [quantile(ordered, 0.75), quantile(ordered, 0.25)]
  const up = high - middle >= middle - low
  const during = up ? high : low
  const width = widthOf(values, middle, up)
  const score = Math.abs(during - middle) / width
  if (score < FAR * (1 + FEW / (samplesIn(values) - 2) ** 2)) return null
  return {
    series,
    direction: up ? 'up' : 'down',
    score: Math.min(score, 1e6),
    correlation: null,
    onset: onsetOf(inside, middle, width, up),
    before: middle,
    during,
  }
}

/**
 * How many values were seen. A server that is asked more often than it reads repeats the last one, which says nothing
 * new: equal neighbours count once, but for a series that never moved.
 */
function samplesIn(values: readonly number[]): number {
  const changes = values.filter((value, place) => place > 0 && value !== values[place - 1]).length
  return changes === 0 ? values.length : Math.max(changes + 1, FEWEST)
}

// What never moved has no scatter: a thousandth of its size stands for one.
function widthOf(values: number[], middle: number, up: boolean): number {
  const steady = NORMAL * scatter(values, middle)
  const ordered = [...values].sort((a, b) => a - b)
  const [low, high] = [quantile(ordered, 0.05), quantile(ordered, 0.95)]
  // A daily course scatters little around its median and far at its ends; a latency only upwards.
  const reach = Math.max((high - low) / 3.29, (up ? high - middle : middle - low) / 1.645)
  return Math.max(steady, reach, Math.abs(middle) * 1e-3, 1e-9)
}

function onsetOf(inside: readonly Point[], middle: number, width: number, up: boolean): number {
  const far = (value: number) => (up ? value - middle : middle - value) > 2 * width
  // The first that is out and has another that is out behind it.
  const index = inside.findIndex(
    ({ value }, place) => far(value) && (place + 1 >= inside.length || far(inside[place + 1]!.value)),
  )
  return inside[Math.max(index, 0)]!.at
}

/** Spearman's rank correlation of two series over the stretch and as long before it, both read at the same instants. */
function alikeness(a: Series, b: Series, { baselineFrom, from, to }: Stretch): number | null {
  // All of the baseline would drown the movement in what was quiet.
  const begin = Math.max(baselineFrom, from - (to - from))
  const pairs: [number, number][] = []
  for (let step = 0; step <= STEPS; step++) {
    const at = begin + ((to - begin) * step) / STEPS
    const [one, other] = [pointAt(a.points, at), pointAt(b.points, at)]
    if (one && other && Number.isFinite(one.value) && Number.isFinite(other.value))
      pairs.push([one.value, other.value])
  }
  if (pairs.length < 2 * FEWEST) return null
  return correlation(ranks(pairs.map(([x]) => x)), ranks(pairs.map(([, y]) => y)))
}

/** The place of each value among all, equal values sharing theirs. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value)
  const result = new Array<number>(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to + 1 < order.length && order[to + 1]!.value === order[from]!.value) to++
    for (let place = from; place <= to; place++) result[order[place]!.index] = (from + to) / 2
    from = to + 1
  }
  return result
}

function correlation(xs: number[], ys: number[]): number | null {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [mx, my] = [mean(xs), mean(ys)]
  let [xy, xx, yy] = [0, 0, 0]
  for (const [index, x] of xs.entries()) {
    const [dx, dy] = [x - mx, ys[index]! - my]
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  }
  return xx === 0 || yy === 0 ? null : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}
