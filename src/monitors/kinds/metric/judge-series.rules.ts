import { formatDuration, SECOND } from '../../../kit/duration.ts'
import type { Verdict } from '../../observation.ts'
import { judgeBacklog } from '../../series/backlog.rules.ts'
import { type Forecast, forecast } from '../../series/forecast.rules.ts'
import { judgeGrowth } from '../../series/growth.rules.ts'
import { median, type Point, type Series } from '../../series/series.ts'
import { judgeThreshold } from '../../series/threshold.rules.ts'
import type { MetricSpec } from './spec.ts'
import { shownAhead, shownInstant, shownLabels, shownValue } from './words.ts'

export const SERIES_REASONS = [
  'metric.above-limit',
  'metric.below-limit',
  'metric.limit-reached',
  'metric.limit-forecast',
  'metric.restarts-hide-growth',
  'metric.grows-too-fast',
  'metric.growth-unusual',
  'metric.backlog-old',
  'metric.backlog-near-retention',
  'metric.backlog-losing-data',
] as const

/** What one rule says of one series. */
export interface Finding {
  verdict: Exclude<Verdict, 'unknown'>
  reason: string
  summary: string
  /** Figures for the observation. */
  values?: Record<string, number | string | null>
  /** What a page draws. */
  forecast?: Forecast
}

// So often must a series be put back before restarts are a habit.
const HABIT = 2

/** Judges one series by every rule that is set; nothing where all is well. */
export function judgeSeries(series: Series, spec: MetricSpec, now: number, many: boolean): Finding[] {
  const of = many ? ` of ${shownLabels(series.labels)}` : ''
  const { points } = series
  return [
    ...judgeLimits(points, spec, now, of),
    ...judgeForecast(points, spec, now, of),
    ...judgeItsGrowth(points, spec, now, of),
    ...judgeItsBacklog(points, spec, now, of),
  ]
}

function judgeLimits(points: Point[], spec: MetricSpec, now: number, of: string): Finding[] {
  const findings: Finding[] = []
  for (const direction of ['above', 'below'] as const) {
    const rule = spec[direction]
    if (!rule) continue
    const { limit, aggregate } = rule
    const judged = judgeThreshold(points, { limit, direction, forMs: rule.for, aggregate, now })
    if (judged.outcome !== 'broken') continue
    const what = aggregate === 'every' || rule.for === 0 ? 'the value' : `the ${aggregate}`
    const long = rule.for > 0 ? `, for ${formatDuration(Math.max(rule.for, now - judged.since!))}` : ''
    findings.push({
      verdict: rule.verdict,
      reason: `metric.${direction}-limit`,
      summary: `${what}${of} is ${shownValue(judged.value, spec.unit)}, ${direction} ${shownValue(limit, spec.unit)}${long}`,
    })
  }
  return findings
}

function judgeForecast(points: Point[], spec: MetricSpec, now: number, of: string): Finding[] {
  const rule = spec.forecast
  if (!rule) return []
  const { limit, direction, resets, within } = rule
  const inside = points.filter(({ at }) => at > now - rule.window)
  const ahead = forecast(inside, { limit, direction, resets, now })
  const shown = shownValue(limit, spec.unit)
  if (ahead.outcome === 'reached')
    return [
      {
        verdict: 'down',
        reason: 'metric.limit-reached',
        summary: `the value${of} is ${shownValue(ahead.level, spec.unit)} and has reached its limit of ${shown}`,
        forecast: ahead,
        values: { reachesIn: 0 },
      },
    ]
  if (ahead.outcome !== 'reaches') return [{ verdict: 'up', reason: 'ok', summary: '', forecast: ahead }]
  const left = ahead.at! - now
  const pace = `${shownValue(Math.abs(ahead.slope!.middle) * 3_600_000, spec.unit)} in an hour`
  const values = { reachesIn: Math.round(left / SECOND), reachesAt: new Date(ahead.at!).toISOString() }
  const times = ahead.resets.length
  const restarts = times > 0 ? `; it was put back ${times === 1 ? 'once' : `${times} times`} meanwhile` : ''
  // Restarts come before the limit does: take them away, and it is reached.
  if (comeFirst(ahead, now) && ahead.fullCycle !== null && ahead.fullCycle <= within)
    return [
      {
        verdict: rule.verdict,
        reason: 'metric.restarts-hide-growth',
        summary:
          `restarts hide a growth${of} by ${pace}: put back ${times} times in ${formatDuration(rule.window)}, and ` +
          `without them the limit of ${shown} is reached ${formatDuration(ahead.fullCycle)} after a start`,
        values,
        forecast: ahead,
      },
    ]
  if (left <= within)
    return [
      {
        verdict: rule.verdict,
        reason: 'metric.limit-forecast',
        summary:
          `the limit of ${shown}${of} is reached in ` +
          `${shownAhead(left, ahead.earliest! - now, ahead.latest! - now)}: now ${shownValue(ahead.level, spec.unit)}, ` +
          `${direction === 'above' ? 'growing' : 'falling'} by ${pace}${restarts}`,
        values,
        forecast: ahead,
      },
    ]
  return [{ verdict: 'up', reason: 'ok', summary: '', values, forecast: ahead }]
}

/** Whether restarts are a habit that is kept, and the next one comes before the limit. */
function comeFirst({ resets, at }: Forecast, now: number): boolean {
  if (resets.length < HABIT) return false
  const between = median(resets.slice(1).map((reset, index) => reset - resets[index]!))
  const next = resets.at(-1)! + between
  return now < next + between / 2 && next < at!
}

function judgeItsGrowth(points: Point[], spec: MetricSpec, now: number, of: string): Finding[] {
  const rule = spec.growth
  if (!rule) return []
  const { per, atMost = null, factor = null, verdict } = rule
  const { outcome, change, usual, compared } = judgeGrowth(points, { perMs: per, atMost, factor, now })
  const grew = `the value${of} grew by ${shownValue(change, spec.unit)} in ${formatDuration(per)}`
  if (outcome === 'too-much') {
    const summary = `${grew}, allowed is ${shownValue(atMost!, spec.unit)}`
    return [{ verdict, reason: 'metric.grows-too-fast', summary }]
  }
  if (outcome !== 'unlike-its-past') return []
  const summary = `${grew}, usual at this hour of ${compared} days before is ${shownValue(usual!, spec.unit)}`
  return [{ verdict, reason: 'metric.growth-unusual', summary }]
}

function judgeItsBacklog(points: Point[], spec: MetricSpec, now: number, of: string): Finding[] {
  const rule = spec.backlog
  if (!rule) return []
  const ages = points.map(({ at, value }) => ({ at, value: ageOf(value, rule.unit, at) }))
  const judged = judgeBacklog(ages, { retentionMs: rule.retention, warnMs: rule.warn, now })
  if (judged.outcome === 'well' || judged.outcome === 'no-data') return []
  const age = `the oldest that waits${of} is ${formatDuration(judged.ageMs)} old`
  const kept = `what waits ${formatDuration(rule.retention)} is thrown away`
  const values = {
    ageSeconds: Math.round(judged.ageMs / SECOND),
    lostIn: judged.lostAt === null ? null : Math.round((judged.lostAt - now) / SECOND),
  }
  if (judged.outcome === 'being-lost')
    return [
      {
        verdict: 'down',
        reason: 'metric.backlog-losing-data',
        summary: `data are being lost: ${age}, and ${kept}`,
        values,
      },
    ]
  if (judged.outcome === 'will-be-lost') {
    const pace =
      judged.pace! >= 0.95
        ? 'nothing is worked off'
        : `it ages by ${Math.round(judged.pace! * 60)} min in an hour`
    const summary = `data will be lost at ${shownInstant(judged.lostAt!)}, in ${formatDuration(Math.max(0, judged.lostAt! - now))}: ${age}, ${pace}, and ${kept}`
    return [{ verdict: 'down', reason: 'metric.backlog-near-retention', summary, values }]
  }
  return [{ verdict: 'degraded', reason: 'metric.backlog-old', summary: `${age}, and ${kept}`, values }]
}

function ageOf(value: number, unit: 'seconds' | 'milliseconds' | 'unix-seconds', at: number): number {
  if (unit === 'milliseconds') return value
  // A queue that is empty has no oldest: exporters write zero.
  if (unit === 'unix-seconds') return value === 0 ? 0 : Math.max(0, at - value * SECOND)
  return value * SECOND
}
