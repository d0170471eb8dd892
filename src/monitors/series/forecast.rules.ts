import { findResets, lowsOf, segmentsOf } from './resets.rules.ts'
import { median, type Point, scatter } from './series.ts'
import { mergePoints, robustSlope, type Slope } from './slope.rules.ts'

export interface ForecastInput {
  limit: number
  /** Whether the limit is above the series or below it. */
  direction: 'above' | 'below'
  /** Falls are restarts that hide a growth, or the normal way of the thing, whose lows then count. */
  resets: 'restarts' | 'normal'
  now: number
}

export const FORECAST_OUTCOMES = ['reached', 'reaches', 'no-trend', 'too-little'] as const

/** When a series comes to its limit, if it goes on as it does. */
export interface Forecast {
  outcome: (typeof FORECAST_OUTCOMES)[number]
  /** When, and not before and not after when; null for never. */
  at: number | null
  earliest: number | null
  latest: number | null
  slope: Slope | null
  /** Of the line at `now`. */
  level: number
  /** When it was put back. */
  resets: number[]
  /** How high it came before it was put back the last times: the median. */
  usualPeak: number | null
  /** How long it takes from the level after a restart to the limit; null without a growth. */
  fullCycle: number | null
}

const FEWEST_POINTS = 8
// Older pieces say how fast it grew then; the last few say how fast it grows.
const PIECES = 3

/** Looks ahead along the robust slope, from the robust level of the piece since the last reset. */
export function forecast(
  given: readonly Point[],
  { limit, direction, resets, now }: ForecastInput,
): Forecast {
  const sign = direction === 'above' ? 1 : -1
  // A limit below is a limit above of the mirrored series; restarts are then rises.
  const mirrored = given.filter(({ value }) => Number.isFinite(value))
  const points = sign === 1 ? mirrored : mirrored.map(({ at, value }) => ({ at, value: -value }))
  const goal = sign * limit
  const found = resets === 'restarts' ? findResets(points) : []
  const pieces = resets === 'restarts' ? segmentsOf(points, found) : [lowsOrAll(points)]
  const told: Forecast = {
    outcome: 'too-little',
    at: null,
    earliest: null,
    latest: null,
    slope: null,
    level: Number.NaN,
    resets: found.map((index) => points[index]!.at),
    usualPeak: null,
    fullCycle: null,
  }
  const newest = points.at(-1)
  if (!newest) return told
  const last = pieces.at(-1)!
  const recent = pieces.slice(-PIECES).filter((piece) => piece.length >= 3)
  const slope = paceOf(recent)
  const level = slope ? levelAt(last, slope.middle, now) : newest.value
  told.level = sign * level
  if (found.length > 0) {
    const peaks = pieces.slice(0, -1).map((piece) => Math.max(...mergePoints(piece, 30).map((p) => p.value)))
    told.usualPeak = sign * median(peaks)
  }
  if (recent.reduce((sum, piece) => sum + piece.length, 0) < FEWEST_POINTS || !slope) return told
  told.slope = sign === 1 ? slope : { ...slope, middle: -slope.middle, low: -slope.high, high: -slope.low }
  if (slope.low > 0 && found.length > 0) {
    const floors = pieces.slice(1).map((piece) => Math.min(...mergePoints(piece, 30).map((p) => p.value)))
    told.fullCycle = (goal - median(floors)) / slope.middle
  }
  if (level >= goal && newest.value >= goal) return { ...told, outcome: 'reached', at: now }
  const longest = recent.reduce((long, piece) => (spanOf(piece) > spanOf(long) ? piece : long))
  if (slope.low <= 0 || !risesClearly(recent, slope, longest, slope.middle, 2))
    return { ...told, outcome: 'no-trend' }
  const left = Math.max(0, goal - level)
  return {
    ...told,
    outcome: 'reaches',
    at: now + left / slope.middle,
    earliest: now + left / slope.high,
    latest: now + left / slope.low,
  }
}

const spanOf = (piece: readonly Point[]) => (piece.at(-1)?.at ?? 0) - (piece[0]?.at ?? 0)

/** The slope of all pieces, or that of the newest third where it is clearly steeper: something new has begun. */
function paceOf(pieces: readonly (readonly Point[])[]): Slope | null {
  const whole = robustSlope(pieces)
  const newest = pieces.at(-1)
  if (!whole || !newest) return whole
  const third = newest.slice(-Math.max(FEWEST_POINTS, Math.ceil(newest.length / 3)))
  if (third.length < FEWEST_POINTS || third.length === newest.length) return whole
  const late = robustSlope([third])
  const before = newest.slice(0, newest.length - third.length)
  const clear =
    late && late.low > whole.high && risesClearly([before], robustSlope([before]), third, late.low, 6)
  return clear ? late : whole
}

/** Whether what a line rises over a stretch is more than the scatter of the points around theirs. */
function risesClearly(
  pieces: readonly (readonly Point[])[],
  line: Slope | null,
  stretch: readonly Point[],
  slope: number,
  times: number,
): boolean {
  const span = (stretch.at(-1)?.at ?? 0) - (stretch[0]?.at ?? 0)
  const rests = pieces.flatMap((piece) => {
    const own = piece.map(({ at, value }) => value - (line?.middle ?? 0) * at)
    const middle = median(own)
    return own.map((rest) => rest - middle)
  })
  const usual = rests.length > 0 ? scatter(rests, 0) : 0
  return slope * span > times * usual
}

// Without enough lows there is nothing better than the points.
function lowsOrAll(points: readonly Point[]): readonly Point[] {
  const lows = lowsOf(points, 24)
  return lows.length >= FEWEST_POINTS ? lows : points
}

function levelAt(piece: readonly Point[], slope: number, now: number): number {
  // A few points after a restart are still a level; a long piece may bend, and its end counts.
  const end = piece.slice(-Math.max(5, Math.ceil(piece.length / 3)))
  return median(end.map(({ at, value }) => value + slope * (now - at)))
}
