import { formatDuration, HOUR } from '../../../kit/duration.ts'
import { hasFailed } from '../../net/failure.ts'
import type { Observation, Verdict } from '../../observation.ts'
import type { Forecast } from '../../series/forecast.rules.ts'
import { joinSeries, type KeptSeries, keepSeries, unpackSeries } from '../../series/keep-series.ts'
import { judgePresence } from '../../series/presence.rules.ts'
import { rateOf } from '../../series/rate.rules.ts'
import { type Series, seriesText } from '../../series/series.ts'
import { mergePoints } from '../../series/slope.rules.ts'
import { toldOfCertificate } from '../../trust/inspect-certificate.ts'
import type { CheckContext } from '../kind.ts'
import { type Finding, judgeSeries } from './judge-series.rules.ts'
import type { ReadSource } from './reading.ts'
import { judgeShares, type KeptShares } from './shares.ts'
import { type MetricSpec, type Source, windowsOf } from './spec.ts'
import { shownLabels, shownValue } from './words.ts'

/** Each way in is loaded when a monitor uses it: drivers and parsers take memory. */
const READERS: Record<Source, () => Promise<ReadSource>> = {
  prometheus: async () => (await import('./read-prometheus.ts')).readPrometheus,
  scrape: async () => (await import('./read-web.ts')).readScrape,
  json: async () => (await import('./read-web.ts')).readJson,
  sql: async () => (await import('./read-sql.ts')).readSql,
  push: async () => (await import('./read-push.ts')).readPush,
}

export const PRESENCE_REASONS = ['metric.absent', 'metric.stale', 'metric.series-vanished'] as const

/** What a metric keeps from one check to the next. */
interface Memory {
  v: 1
  series?: KeptSeries[]
  shares?: KeptShares
  /** When each series had its newest value, in seconds. */
  seen?: Record<string, number>
}

// So many series are followed closely; a query that gives more is judged by its values of now.
const MOST_FOLLOWED = 200
const MOST_SEEN = 400
const DRAWN = 100

/** Reads the values, joins them to what is known of their past, and judges them by every rule. */
export async function checkMetric(spec: MetricSpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const memory = readMemory(context.memory)
  const windows = windowsOf(spec)
  const readSource = await READERS[spec.from]()
  // Without a memory of shares the past is asked for, where the source keeps one.
  const windowMs = Math.max(windows.windowMs, spec.share && !memory.shares ? spec.share.window : 0)
  const reading = await readSource(spec, { now: started, windowMs, recentMs: windows.recentMs }, context)
  const now = clock.now()
  const observed = (
    verdict: Verdict,
    reason: string,
    summary: string,
    more: Partial<Observation> = {},
  ): Observation => ({ verdict, reason, summary, tookMs: clock.now() - started, values: {}, ...more })
  if (hasFailed(reading)) {
    // Who cannot reach Prometheus has learned nothing of what it measures.
    const ours = ['tls.ca-unreadable', 'metric.unread'].includes(reading.failed)
    const verdict = ours || spec.from === 'prometheus' ? 'unknown' : 'down'
    return observed(verdict, reading.failed, reading.summary, toldOfCertificate(reading))
  }
  const raw = reading.hasPast ? reading.series : joinSeries(unpackSeries(memory.series ?? []), reading.series)
  const keptWindow = { now, windowMs: Math.max(windows.windowMs, spec.stale), recentMs: windows.recentMs }
  const presence = presenceOf(spec, reading.series, memory, now)
  const current = raw.filter(({ points }) => (points.at(-1)?.at ?? 0) >= now - spec.stale)
  const series = spec.counter
    ? current.map(({ labels, points }) => ({ labels, points: rateOf(points) }))
    : current
  const shares =
    spec.share && series.length > 0 ? judgeShares(series, spec, memory.shares ?? null, now) : null
  const kept: Memory = {
    v: 1,
    seen: presence.seen,
    ...(windows.windowMs > 0 && !reading.hasPast && { series: keepSeries(raw, keptWindow) }),
    ...(spec.share && { shares: shares?.kept ?? memory.shares }),
  }
  const { inspection, note } = reading
  const certificate = inspection ? { certificate: inspection.certificate } : {}
  if (presence.finding) {
    const { verdict, reason, summary } = presence.finding
    return observed(verdict, reason, summary, {
      ...certificate,
      memory: kept,
      values: { series: series.length },
    })
  }
  const followed = series.slice(0, MOST_FOLLOWED)
  const judged = followed.map((one) => ({ one, findings: judgeSeries(one, spec, now, series.length > 1) }))
  const findings = [
    ...(presence.vanished ? [{ of: null, finding: presence.vanished }] : []),
    ...(shares?.finding ? [{ of: null, finding: shares.finding }] : []),
    ...judged.flatMap(({ one, findings: all }) => all.map((finding) => ({ of: one, finding }))),
  ].sort((a, b) => weight(b.finding) - weight(a.finding))
  const worst = findings[0]?.finding
  const bad = worst && worst.verdict !== 'up' ? worst : null
  const warning = inspection?.verdict === 'degraded' && !bad ? inspection : null
  const drawn = findings[0]?.of ?? series[0] ?? null
  const newest = drawn?.points.at(-1)
  const values: Observation['values'] = {
    ...(newest && { value: Number(newest.value.toPrecision(12)) }),
    ...(series.length !== 1 && { series: series.length }),
    ...worst?.values,
    ...(note && { note }),
  }
  const details = detailsOf(
    drawn,
    findings.find(({ of }) => of === drawn)?.finding.forecast,
    spec,
    now,
    shares?.top,
  )
  const told = bad ??
    warning ?? { verdict: 'up' as const, reason: 'ok', summary: calm(drawn, series, spec, findings) }
  const others = findings.filter(({ finding }) => finding !== bad && finding.verdict !== 'up').length
  const summary = bad && others > 0 ? `${told.summary} (and ${others} more)` : told.summary
  return observed(told.verdict, told.reason, summary, { values, details, memory: kept, ...certificate })
}

const RANK = { up: 0, degraded: 1, down: 2 } as const
// Of equal verdicts the one that comes sooner is told.
function weight({ verdict, values }: Finding): number {
  const soon = typeof values?.reachesIn === 'number' ? 1 / (2 + values.reachesIn) : 0
  return RANK[verdict] + soon / 2
}

function readMemory(memory: unknown): Memory {
  return typeof memory === 'object' && memory !== null && (memory as Memory).v === 1
    ? (memory as Memory)
    : { v: 1 }
}

function presenceOf(spec: MetricSpec, series: Series[], memory: Memory, now: number) {
  const newest = new Map<string, number>()
  for (const { labels, points } of series) {
    const at = points.findLast(({ value }) => !Number.isNaN(value))?.at
    if (at !== undefined) newest.set(seriesText(labels), at)
  }
  const forget = spec.vanished?.forget ?? 0
  const known = new Map(
    Object.entries(memory.seen ?? {})
      .map(([text, seconds]): [string, number] => [text, seconds * 1_000])
      .filter(([, at]) => now - at <= forget),
  )
  const seen = spec.vanished
    ? Object.fromEntries(
        [...new Map([...known, ...newest])]
          .sort((a, b) => b[1] - a[1])
          .slice(0, MOST_SEEN)
          .map(([text, at]) => [text.slice(0, 120), Math.round(at / 1_000)]),
      )
    : undefined
  const shortened = new Map([...newest].map(([text, at]) => [text.slice(0, 120), at]))
  const judged = judgePresence({ newest: shortened, known: new Map(), staleMs: spec.stale, now })
  const finding =
    judged.outcome === 'absent' ? absent(spec) : judged.outcome === 'stale' ? stale(shortened, now) : null
  let vanished: Finding | null = null
  if (spec.vanished && !finding) {
    const { gone } = judgePresence({ newest: shortened, known, staleMs: spec.vanished.after, now })
    if (gone.length > 0) {
      const more = gone.length > 1 ? ` and ${gone.length - 1} more are gone` : ' is gone'
      const summary = `${gone[0]!.name}${more}: the last value came ${formatDuration(now - gone[0]!.since)} ago`
      vanished = { verdict: spec.vanished.verdict, reason: 'metric.series-vanished', summary }
    }
  }
  return { finding, vanished, seen }
}

function absent({ absent: verdict, from, metric, query }: MetricSpec): Finding {
  const what = from === 'prometheus' || from === 'sql' ? `the query ${query}` : (metric ?? 'the path')
  const summary = `there is no value: ${what.slice(0, 200)} gives nothing`
  return verdict === 'up' ? { verdict, reason: 'ok', summary } : { verdict, reason: 'metric.absent', summary }
}

function stale(newest: Map<string, number>, now: number): Finding {
  const last = Math.max(...newest.values())
  const summary = `the newest value is ${formatDuration(now - last)} old: nothing measures any more`
  return { verdict: 'down', reason: 'metric.stale', summary }
}

function calm(
  drawn: Series | null,
  series: Series[],
  spec: MetricSpec,
  findings: { finding: Finding }[],
): string {
  const newest = drawn?.points.at(-1)
  if (!drawn || !newest)
    return spec.counter ? 'counting: the rate is known after the second check' : 'no value yet'
  const value = `${shownValue(newest.value, spec.unit)}${spec.counter ? ' per second' : ''}`
  const many =
    series.length > 1
      ? `${series.length} series, ${shownLabels(drawn.labels)} at ${value}`
      : `the value is ${value}`
  const ahead = findings[0]?.finding.forecast
  if (!ahead) return many
  if (ahead.outcome === 'too-little') return `${many}; too little is known of it to look ahead`
  if (ahead.outcome === 'no-trend') return `${many}, and it does not move toward its limit`
  return `${many}; its limit is ${formatDuration(ahead.at! - (newest.at ?? 0))} away`
}

/** What a page draws: points, and the lines of the forecast with its interval. */
export interface MetricDetails {
  labels: Record<string, string>
  unit: string
  /** Pairs of milliseconds and value, oldest first. */
  points: [number, number][]
  forecast?: {
    outcome: Forecast['outcome']
    limit: number
    at: number | null
    earliest: number | null
    latest: number | null
    level: number
    perHour: number | null
    perHourLow: number | null
    perHourHigh: number | null
    resets: number[]
  }
  shares?: { name: string; share: number; usual: number | null }[]
}

function detailsOf(
  drawn: Series | null,
  ahead: Forecast | undefined,
  spec: MetricSpec,
  now: number,
  shares: MetricDetails['shares'],
): MetricDetails | undefined {
  if (!drawn) return undefined
  const window = spec.forecast?.window ?? windowsOf(spec).windowMs
  const inside = drawn.points.filter(({ at }) => at > now - window)
  const perHour = (slope: number | undefined) =>
    slope === undefined ? null : Number((slope * HOUR).toPrecision(6))
  return {
    labels: drawn.labels,
    unit: spec.unit,
    points: mergePoints(inside, DRAWN).map(({ at, value }) => [Math.round(at), Number(value.toPrecision(6))]),
    ...(ahead && {
      forecast: {
        outcome: ahead.outcome,
        limit: spec.forecast!.limit,
        at: ahead.at === null ? null : Math.round(ahead.at),
        earliest: ahead.earliest === null ? null : Math.round(ahead.earliest),
        latest: ahead.latest === null ? null : Math.round(ahead.latest),
        level: Number.isFinite(ahead.level) ? Number(ahead.level.toPrecision(6)) : 0,
        perHour: perHour(ahead.slope?.middle),
        perHourLow: perHour(ahead.slope?.low),
        perHourHigh: perHour(ahead.slope?.high),
        resets: ahead.resets.slice(-20),
      },
    }),
    ...(shares && { shares }),
  }
}
