import { z } from 'zod'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'

const SECOND = 1_000
const HOUR = 3_600_000

const number = z.number()
const forecastShape = z.object({
  outcome: z.enum(['reached', 'reaches', 'no-trend', 'too-little']),
  limit: number,
  at: number.nullable(),
  earliest: number.nullable(),
  latest: number.nullable(),
  /** Of the fitted line at the time of the check. */
  level: number,
  perHour: number.nullable(),
  perHourLow: number.nullable(),
  perHourHigh: number.nullable(),
  resets: z.array(number),
})
const detailsShape = z.object({
  labels: z.record(z.string(), z.string()),
  unit: z.enum(['none', 'bytes', 'seconds', 'percent']).catch('none'),
  points: z.array(z.tuple([number, number])),
  forecast: forecastShape.optional(),
})
export type Unit = z.output<typeof detailsShape>['unit']
export type Forecast = z.output<typeof forecastShape>

/** What a metric tells, as its page draws it. */
export interface MetricView {
  /** Which series, where there are several. */
  name: string
  unit: Unit
  /** Milliseconds and value, oldest first. */
  points: [number, number][]
  /** When it was judged. */
  checkedAt: number
  forecast: Forecast | null
  /** What may not be reached, by the rules of the monitor. */
  limits: { value: number; word: string }[]
  backlog: { retention: number; age: number; lostAt: number | null } | null
  growth: { per: number; change: number; atMost: number | null } | null
}

const DURATION = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g
const UNITS: Record<string, number> = {
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  h: HOUR,
  d: 24 * HOUR,
  w: 168 * HOUR,
}

/** A duration as settings have it: as somebody wrote it, `1h30m`, or read, in milliseconds. */
export function lengthOf(written: unknown): number | null {
  if (typeof written === 'number') return Number.isFinite(written) ? written : null
  if (typeof written !== 'string' || written.replaceAll(DURATION, '').trim() !== '') return null
  const parts = [...written.matchAll(DURATION)]
  return parts.length === 0
    ? null
    : parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0)
}

const LOST = 'Thrown away'

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
const finite = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

/** What there is to draw of a monitor; null where it measured nothing. */
export function metricView({ last, spec, lastCheckedAt }: MonitorDetail): MetricView | null {
  const parsed = detailsShape.safeParse(last?.details)
  if (!parsed.success || parsed.data.points.length === 0) return null
  const { labels, forecast = null } = parsed.data
  const backlogRule = record(spec.backlog)
  const retention = lengthOf(backlogRule.retention)
  const isBacklog = retention !== null
  // The age of what waits is told in seconds, whatever the unit in which it is read.
  const points = isBacklog
    ? parsed.data.points.map(([at, value]): [number, number] => [at, ageOf(value, backlogRule.unit, at)])
    : parsed.data.points
  const newest = points.at(-1)!
  const lostIn = finite(last?.values.lostIn)
  const limits = [
    ...(forecast ? [{ value: forecast.limit, word: 'Limit' }] : []),
    ...(isBacklog ? [{ value: retention / SECOND, word: LOST }] : []),
    ...(['above', 'below'] as const).flatMap((side) => {
      const value = finite(record(spec[side]).limit)
      return value === null ? [] : [{ value, word: side === 'above' ? 'Too high' : 'Too low' }]
    }),
  ]
  return {
    name: nameOf(labels),
    unit: isBacklog ? 'seconds' : parsed.data.unit,
    points,
    checkedAt: Math.max(newest[0], lastCheckedAt ? Date.parse(lastCheckedAt) : 0),
    forecast,
    limits,
    backlog: isBacklog
      ? { retention, age: newest[1] * SECOND, lostAt: lostIn === null ? null : newest[0] + lostIn * SECOND }
      : null,
    growth: growthOf(points, record(spec.growth)),
  }
}

function ageOf(value: number, unit: unknown, at: number): number {
  if (unit === 'milliseconds') return value / SECOND
  if (unit === 'unix-seconds') return value === 0 ? 0 : Math.max(0, at / SECOND - value)
  return value
}

function nameOf(labels: Record<string, string>): string {
  const { __name__: name = '', ...rest } = labels
  const inside = Object.entries(rest).map(([key, value]) => `${key}="${value}"`)
  return `${name}${inside.length > 0 ? `{${inside.join(', ')}}` : ''}`
}

function growthOf(points: [number, number][], rule: Record<string, unknown>): MetricView['growth'] {
  if (Object.keys(rule).length === 0) return null
  const per = lengthOf(rule.per) ?? HOUR
  const [at, value] = points.at(-1)!
  const before = points.findLast(([then]) => then <= at - per)
  return before ? { per, change: value - before[1], atMost: finite(rule.atMost) } : null
}

/** What the plot draws: columns over one list of instants, in seconds as the plot wants them. */
export interface Plot {
  from: number
  to: number
  x: number[]
  measured: (number | null)[]
  line: (number | null)[]
  low: (number | null)[]
  high: (number | null)[]
  /** Limits that stand on the plot. */
  limits: MetricView['limits']
  /** Limits that are too far away to be drawn without flattening everything else. */
  beyond: MetricView['limits']
  bottom: number
  top: number
  /** Where a line across says something: when it was put back, when it was checked, when the limit is reached. */
  marks: { at: number; kind: 'restart' | 'checked' | 'reached' }[]
}

/** So many lengths of the past are drawn ahead at most. */
const MOST_AHEAD = 8
/** What waits is judged by its newest hour, and thrown away after a day or a week. */
const MOST_AHEAD_OF_BACKLOG = 200
const STEPS = 24
/** A limit that is so many times farther than everything measured is not drawn. */
const FARTHEST = 6

/** Past and future on one axis. */
export function plotOf(view: MetricView): Plot {
  const { points, forecast, checkedAt, backlog } = view
  const from = points[0]![0]
  const past = Math.max(checkedAt - from, 60 * SECOND)
  const goal = forecast?.outcome === 'reaches' ? forecast : null
  const reached = goal?.at ?? backlog?.lostAt ?? null
  const most = backlog ? MOST_AHEAD_OF_BACKLOG : MOST_AHEAD
  const isNear = reached !== null && reached - checkedAt <= most * past && reached > checkedAt
  const ahead = isNear
    ? aheadOf(goal, reached - checkedAt, checkedAt)
    : forecast?.perHour
      ? past / 3
      : past / 20
  const to = checkedAt + ahead
  const slope = slopeOf(view)
  const times = [
    ...points.map(([at]) => at),
    ...(slope ? Array.from({ length: STEPS + 1 }, (_, step) => checkedAt + (ahead * step) / STEPS) : []),
    ...(isNear ? [reached] : []),
    to,
  ]
  const x = [...new Set(times)].sort((a, b) => a - b)
  const values = new Map(points)
  const begin = slope ? (forecast?.resets.filter((at) => at <= checkedAt).at(-1) ?? from) : 0
  const along = (at: number, perHour: number) => slope!.level + (perHour * (at - checkedAt)) / HOUR
  const column = (shows: (at: number) => boolean, perHour: number | null | undefined) =>
    x.map((at) =>
      slope && perHour !== null && perHour !== undefined && shows(at) ? along(at, perHour) : null,
    )
  const measured = points.map(([, value]) => value)
  const near = nearLimits(view, measured, isNear)
  const all = [...measured, ...near.map(({ value }) => value)]
  const [least, greatest] = [Math.min(...all), Math.max(...all)]
  const room = (greatest - least || Math.abs(greatest) || 1) * 0.07
  return {
    from,
    to,
    x: x.map((at) => at / SECOND),
    measured: x.map((at) => values.get(at) ?? null),
    line: column((at) => at >= begin, slope?.middle),
    low: column((at) => at >= checkedAt, slope?.low),
    high: column((at) => at >= checkedAt, slope?.high),
    limits: near,
    beyond: view.limits.filter((limit) => !near.includes(limit)),
    bottom: least >= 0 && least < greatest * 0.5 ? 0 : least - room,
    top: greatest + room,
    marks: [
      ...(forecast?.resets ?? []).filter((at) => at >= from).map((at) => ({ at, kind: 'restart' as const })),
      { at: checkedAt, kind: 'checked' as const },
      ...(isNear ? [{ at: reached, kind: 'reached' as const }] : []),
    ],
  }
}

/** How far ahead: past the limit, and to the end of the interval where that is not much farther. */
function aheadOf(goal: Forecast | null, left: number, now: number): number {
  const late = goal?.latest === null || goal === null ? left : goal.latest - now
  return Math.max(1.12 * left, Math.min(1.05 * late, 1.8 * left))
}

function slopeOf({ forecast, backlog, points, checkedAt }: MetricView) {
  if (forecast && forecast.perHour !== null)
    return {
      level: forecast.level,
      middle: forecast.perHour,
      low: forecast.perHourLow,
      high: forecast.perHourHigh,
    }
  if (!backlog || backlog.lostAt === null || backlog.lostAt <= checkedAt) return null
  // What is left of the retention, over the time that is left.
  const level = points.at(-1)![1]
  const middle = ((backlog.retention / SECOND - level) * HOUR) / (backlog.lostAt - checkedAt)
  return { level, middle, low: null, high: null }
}

function nearLimits(
  { limits, forecast, backlog }: MetricView,
  measured: number[],
  isNear: boolean,
): MetricView['limits'] {
  const goals = isNear
    ? limits.filter(({ value, word }) => value === forecast?.limit || (backlog && word === LOST))
    : []
  const all = [...measured, ...goals.map(({ value }) => value)]
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const spread = Math.max(most - least, Math.abs(most) * 0.1, 1e-9)
  const farthest = isNear ? 0.2 : FARTHEST
  return limits.filter(({ value }) => Math.max(value - most, least - value, 0) <= farthest * spread)
}
