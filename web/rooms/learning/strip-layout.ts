/** Where the points of a distribution stand: one place for each, those of about the same length above one another. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Lengths at which people think, for the axis. */
const MARKS: readonly [ms: number, label: string][] = [
  [SECOND, '1 s'],
  [10 * SECOND, '10 s'],
  [MINUTE, '1 min'],
  [10 * MINUTE, '10 min'],
  [HOUR, '1 h'],
  [6 * HOUR, '6 h'],
  [DAY, '1 d'],
  [7 * DAY, '1 w'],
  [30 * DAY, '30 d'],
  [365 * DAY, '1 y'],
]

export interface Strip {
  /** The place of a length on the axis. */
  x: (ms: number) => number
  ticks: { x: number; label: string }[]
  dots: { x: number; y: number }[]
  radius: number
  height: number
}

const EDGE = 14
const TALLEST = 120
const LEAST_GAP = 46

/**
 * Lays sorted lengths out on a logarithmic axis of this width. Every one is drawn; where they are too many to stand
 * one above the other, they overlap.
 */
export function layStrip(lengths: readonly number[], width: number): Strip {
  const shortest = Math.max(lengths[0] ?? MINUTE, SECOND)
  const longest = Math.max(lengths.at(-1) ?? HOUR, shortest)
  const from = MARKS.findLast(([ms]) => ms <= shortest)?.[0] ?? SECOND
  const to = MARKS.find(([ms]) => ms >= longest && ms > from)?.[0] ?? longest
  const room = Math.max(width - 2 * EDGE, 1)
  const x = (ms: number) =>
    EDGE + (Math.log(Math.max(ms, from) / from) / Math.log(to / from || Math.E)) * room
  const radius = lengths.length > 400 ? 2 : lengths.length > 80 ? 3 : 4.5
  const columns = new Map<number, number[]>()
  for (const [place, ms] of lengths.entries()) {
    const column = Math.round(x(ms) / (2 * radius))
    columns.set(column, [...(columns.get(column) ?? []), place])
  }
  const tallest = Math.max(1, ...[...columns.values()].map((column) => column.length))
  const step = Math.min(2 * radius, (TALLEST - 2 * radius) / tallest)
  const height = Math.max(24, 2 * radius + tallest * step)
  const dots: Strip['dots'] = new Array(lengths.length)
  for (const column of columns.values())
    for (const [above, place] of column.entries())
      dots[place] = { x: x(lengths[place]!), y: height - radius - above * step }
  const ticks: Strip['ticks'] = []
  for (const [ms, label] of MARKS) {
    if (ms < from || ms > to) continue
    const at = x(ms)
    if (at - (ticks.at(-1)?.x ?? -LEAST_GAP) >= LEAST_GAP) ticks.push({ x: at, label })
  }
  return { x, ticks, dots, radius, height }
}

/** How much of a whole, in words that do not pretend: `3 of 12`. */
export function sayShare(count: number, of: number): string {
  return of === 0 ? '0' : `${count} of ${of}`
}
