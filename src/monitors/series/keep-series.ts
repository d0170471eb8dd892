import { type Labels, type Point, type Series, seriesText } from './series.ts'

/** Series as they are kept between checks: small, since they are written with each check. */
export interface KeptSeries {
  /** Labels. */
  l: Labels
  /** Seconds: the first instant, then the distance of each from the one before. */
  t: number[]
  v: number[]
}

export interface KeepOptions {
  now: number
  /** What is older is forgotten. */
  windowMs: number
  /** The newest stretch is kept as it came; before that it is thinned. */
  recentMs: number
}

// All kept series of a monitor together; a value and its time take about sixteen characters.
const MOST_CHARACTERS = 40_000
const MOST_SERIES = 40
const MOST_POINTS = 400

/** Series with new values joined on, thinned so that all of them together stay small. Returns what fits. */
export function keepSeries(series: readonly Series[], options: KeepOptions): KeptSeries[] {
  const kept = series.slice(0, MOST_SERIES)
  const most = Math.max(
    12,
    Math.min(MOST_POINTS, Math.floor(MOST_CHARACTERS / 16 / Math.max(1, kept.length))),
  )
  return kept.map(({ labels, points }) => pack(labels, thin(points, options, most)))
}

/** At most so many points: the newest stretch whole where it can be, older ones at equal distances. */
export function thin(
  points: readonly Point[],
  { now, windowMs, recentMs }: KeepOptions,
  most: number,
): Point[] {
  const inside = points.filter(({ at, value }) => at > now - windowMs && Number.isFinite(value))
  const border = now - recentMs
  const recent = inside.filter(({ at }) => at >= border).slice(-Math.floor(most / 2))
  const first = recent[0]?.at ?? Number.POSITIVE_INFINITY
  const step = windowMs / (most - Math.floor(most / 2))
  const older = new Map<number, Point>()
  // Slots are fixed on the clock: a point that was kept once is not replaced by thinning it again.
  for (const point of inside)
    if (point.at < first && !older.has(Math.floor(point.at / step)))
      older.set(Math.floor(point.at / step), point)
  return [...older.values(), ...recent].slice(-most)
}

function pack(labels: Labels, points: readonly Point[]): KeptSeries {
  let before = 0
  const t = points.map(({ at }) => {
    const seconds = Math.round(at / 100) / 10
    const distance = Math.round((seconds - before) * 10) / 10
    before = seconds
    return distance
  })
  return { l: labels, t, v: points.map(({ value }) => Number(value.toPrecision(9))) }
}

/** Kept series as they were. */
export function unpackSeries(kept: readonly KeptSeries[]): Series[] {
  return kept.map(({ l, t, v }) => {
    let at = 0
    const points = v.map((value, index) => {
      at += t[index] ?? 0
      return { at: Math.round(at * 1_000), value }
    })
    return { labels: l, points }
  })
}

/** Adds newer values to series, by their labels; values that are not newer than what is there are left out. */
export function joinSeries(before: readonly Series[], newer: readonly Series[]): Series[] {
  const byText = new Map(
    before.map(({ labels, points }) => [seriesText(labels), { labels, points: [...points] }]),
  )
  for (const { labels, points } of newer) {
    const text = seriesText(labels)
    const known = byText.get(text) ?? { labels, points: [] }
    const last = known.points.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    known.points.push(...points.filter(({ at }) => at > last))
    byText.set(text, known)
  }
  return [...byText.values()]
}
