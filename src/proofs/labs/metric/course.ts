import { DAY, HOUR, MINUTE, SECOND } from '../../../kit/duration.ts'
import type { MetricSpec } from '../../../monitors/index.ts'

/** What the copied monitor asks for, and over which time it is played. */
export interface MetricDemands {
  /** A value that breaks no limit. */
  level: number
  /** What the value may not come to, and from which side; null where nothing is said. */
  limit: number | null
  side: 'above' | 'below'
  /** What the thresholds of both sides say; null where nothing is said. */
  upper: number | null
  lower: number | null
  forecastMs: number | null
  counter: boolean
  share: { label: string; parts: number; above: number | null } | null
  /** The age of a fresh backlog and of one that is nearly lost, in the monitor's unit. */
  backlog: { retentionMs: number; unit: 'seconds' | 'milliseconds' | 'unix-seconds' } | null
  growth: { perMs: number } | null
  staleMs: number
  spanMs: number
  stepMs: number
  /** Before that too little is known for a rule to speak. */
  settlesMs: number
}

const LOOKS = 160

/** What a monitor wants; null where its limits leave no room for a healthy value. */
export function metricDemands(spec: MetricSpec): MetricDemands | null {
  const forecastAbove = spec.forecast?.direction === 'above' ? spec.forecast.limit : undefined
  const forecastBelow = spec.forecast?.direction === 'below' ? spec.forecast.limit : undefined
  const upper = lowest(spec.above?.limit, forecastAbove)
  const lower = highest(spec.below?.limit, forecastBelow)
  if (upper !== null && lower !== null && upper <= lower) return null
  const side = upper !== null || lower === null ? 'above' : 'below'
  const span = Math.max(
    spec.forecast?.window ?? 0,
    spec.share?.window ?? 0,
    spec.growth ? (spec.growth.factor ? 6 * Math.max(DAY, spec.growth.per) : 4 * spec.growth.per) : 0,
    spec.backlog ? 3 * HOUR : 0,
    4 * Math.max(spec.above?.for ?? 0, spec.below?.for ?? 0),
    spec.vanished ? 3 * spec.vanished.after : 0,
    3 * spec.stale,
    10 * MINUTE,
  )
  return {
    level: levelBetween(lower, upper),
    limit: side === 'above' ? upper : lower,
    side,
    upper,
    lower,
    forecastMs: spec.forecast?.within ?? null,
    counter: spec.counter,
    share: spec.share
      ? {
          label: spec.share.label,
          parts: Math.max(6, Math.ceil(2 / (spec.share.above ?? 1))),
          above: spec.share.above ?? null,
        }
      : null,
    backlog: spec.backlog ? { retentionMs: spec.backlog.retention, unit: spec.backlog.unit } : null,
    growth: spec.growth ? { perMs: spec.growth.per } : null,
    staleMs: spec.stale,
    spanMs: span,
    stepMs: Math.max(SECOND, Math.min(span / LOOKS, spec.growth ? spec.growth.per / 2 : span)),
    settlesMs: span * 0.3,
  }
}

const lowest = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? null : Math.min(a ?? Infinity, b ?? Infinity)
const highest = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? null : Math.max(a ?? -Infinity, b ?? -Infinity)

function levelBetween(lower: number | null, upper: number | null): number {
  if (lower !== null && upper !== null) return (lower + upper) / 2
  if (upper !== null) return upper > 0 ? upper * 0.4 : upper - 1 - Math.abs(upper)
  if (lower !== null) return lower > 0 ? lower * 2.5 : lower + 1 + Math.abs(lower)
  return 100
}

/** What is exposed at each instant since the beginning of the drill, healthy or with one thing wrong. */
export function courseOf(demands: MetricDemands, twist: string | null): (at: number, now: number) => string {
  const { spanMs, share, stepMs } = demands
  const half = spanMs / 2
  let total = 0
  let last: number | null = null
  return (at, now) => {
    if (twist === 'gone' && at > half) return '# nothing is measured here\n'
    const time = twist === 'stale' && at > half ? ` ${now - DAY}` : ''
    const value = valueAt(demands, twist, at)
    if (!share) {
      let told = value
      if (demands.counter) {
        total += last === null || at <= last ? 0 : (value * (at - last)) / SECOND
        last = at
        told = total
      }
      const second = twist === 'one-gone' && at > half ? '' : line({ instance: 'b' }, told, time)
      return line({ instance: 'a' }, told, time) + second
    }
    const parts = Array.from({ length: share.parts }, (_, index) => {
      const spikes = twist === 'spike' && index === 0 && at > spanMs * 0.7
      const own = value * shareOf(share, twist, index) * (spikes ? 5 * share.parts : 1)
      const told = demands.counter ? (own * (Math.floor(at / stepMs) + 1) * stepMs) / SECOND : own
      return line({ [share.label]: `part-${index}` }, told, time)
    })
    return parts.slice(twist === 'one-gone' && at > half ? 1 : 0).join('')
  }
}

/** An equal share for each, or most of the whole for the first, all the time. */
function shareOf({ parts, above }: NonNullable<MetricDemands['share']>, twist: string | null, index: number) {
  if (twist !== 'large-share') return 1 / parts
  const large = above === null ? 0.9 : (1 + above) / 2
  return index === 0 ? large : (1 - large) / (parts - 1)
}

function line(labels: Record<string, string>, value: number, time: string): string {
  const inside = Object.entries(labels).map(
    ([name, text]) => `${JSON.stringify(name)}=${JSON.stringify(text)}`,
  )
  return `tocsin_lab_metric{${inside.join(',')}} ${value}${time}\n`
}

/** A value past the limit of one side; where there is none, as far away as only a limit could mind. */
function broken({ upper, lower, level }: MetricDemands, isLow: boolean): number {
  const far = 1_000 * (Math.abs(level) + 1)
  if (isLow) return lower === null ? level - far : lower - Math.abs(lower) * 0.1 - 1
  return upper === null ? level + far : upper + Math.abs(upper) * 0.1 + 1
}

function valueAt(demands: MetricDemands, twist: string | null, at: number): number {
  const { level, limit, side, forecastMs, spanMs, backlog, growth } = demands
  if (backlog) {
    const { retentionMs, unit } = backlog
    const old =
      twist === 'backlog' ? Math.min(retentionMs * 0.6, retentionMs - spanMs) + at : retentionMs / 100
    if (unit === 'milliseconds') return Math.max(0, old)
    return Math.max(0, old) / SECOND
  }
  // A little life, so that what is steady is not dead.
  const steady = level + Math.sin(at / 60_000) * Math.abs(level) * 0.002
  const away = limit === null ? Math.abs(level) || 1 : Math.abs(limit - level)
  const towards = side === 'above' ? 1 : -1
  // At the end there is as much time left as half of what the monitor wants to know ahead.
  const slope = away / (spanMs + (forecastMs ?? spanMs) / 2)
  if ((twist === 'limit' || twist === 'low') && at >= spanMs / 3) return broken(demands, twist === 'low')
  if (twist === 'leak') return steady + towards * slope * at
  if (twist === 'restarts') {
    const cycle = Math.min(spanMs / 4.5, (forecastMs ?? spanMs) / 3)
    return steady + towards * (away / Math.max(cycle * 2, (forecastMs ?? spanMs) * 0.6)) * (at % cycle)
  }
  if (twist === 'growth' && growth) {
    const usual = (at / growth.perMs) * Math.abs(level) * 0.01
    const begin = spanMs * 0.85
    return level + usual + (at > begin ? ((at - begin) / growth.perMs) * Math.abs(level) * 10 : 0)
  }
  if (growth) return level + (at / growth.perMs) * Math.abs(level) * 0.01
  return steady
}
