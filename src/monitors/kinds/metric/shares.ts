import type { Series } from '../../series/series.ts'
import { type Holding, judgeShare } from '../../series/share.rules.ts'
import type { Finding } from './judge-series.rules.ts'
import type { MetricSpec } from './spec.ts'
import { shownShare, shownValue } from './words.ts'

export const SHARE_REASONS = ['metric.share-too-large', 'metric.share-spike'] as const

/** Shares of the past: one list of instants, and for each part its shares in ten thousandths. */
export interface KeptShares {
  /** Seconds. */
  t: number[]
  s: Record<string, number[]>
}

const SAMPLES = 24
const MOST_PARTS = 250
const LONGEST_NAME = 80

interface ShareRule extends NonNullable<MetricSpec['share']> {}

/** The sum for each part at one place of the series, counted from the end. */
function partsOf(series: readonly Series[], label: string, at: number | null): Map<string, number> {
  const parts = new Map<string, number>()
  for (const { labels, points } of series) {
    const point = at === null ? points.at(-1) : points.findLast((one) => one.at <= at)
    if (!point || !Number.isFinite(point.value)) continue
    const name = (Object.hasOwn(labels, label) ? labels[label]! : 'none').slice(0, LONGEST_NAME)
    parts.set(name, (parts.get(name) ?? 0) + Math.max(0, point.value))
  }
  return parts
}

/** Judges the shares of now against those kept, and says what to keep. */
export function judgeShares(
  series: readonly Series[],
  spec: MetricSpec,
  kept: KeptShares | null,
  now: number,
): {
  finding: Finding | null
  kept: KeptShares
  top: { name: string; share: number; usual: number | null }[]
} {
  const rule = spec.share!
  const past = kept ?? pastOf(series, rule, now)
  const parts = partsOf(series, rule.label, null)
  const total = [...parts.values()].reduce((a, b) => a + b, 0)
  const holdings: Holding[] = [...parts].map(([name, value]) => ({
    name,
    value,
    // A part that was not there had nothing, as long as something was known at all.
    past: (past.s[name] ?? past.t.map(() => 0)).map((share) => share / 10_000),
  }))
  const { above = null, factor, atLeast } = rule
  const judged = judgeShare(holdings, { above, factor, atLeast })
  const top = holdings
    .map(({ name, value, past: shares }) => ({
      name,
      share: total > 0 ? value / total : 0,
      usual: shares.length > 0 ? [...shares].sort((a, b) => a - b)[shares.length >> 1]! : null,
    }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 10)
  const step = rule.window / SAMPLES
  const since = past.t.length === 0 ? Number.POSITIVE_INFINITY : now - past.t.at(-1)! * 1_000
  // A spike must not become its own past, or it would be told once; after a whole window it is what is usual.
  const due = since >= (judged.outcome === 'spike' ? rule.window : step)
  return {
    finding: findingOf(judged, spec, rule),
    kept: due && total > 0 ? addShares(past, parts, total, rule, now) : past,
    top,
  }
}

function findingOf(judged: ReturnType<typeof judgeShare>, spec: MetricSpec, rule: ShareRule): Finding | null {
  const { outcome, name, share, usual, total } = judged
  const part = `${rule.label} ${name} has ${shownShare(share)} of ${shownValue(total, spec.unit)}`
  const values = {
    share: Number(share.toFixed(4)),
    usualShare: usual === null ? null : Number(usual.toFixed(4)),
  }
  if (outcome === 'spike')
    return {
      verdict: rule.verdict,
      reason: 'metric.share-spike',
      summary: `${part}, usual is ${shownShare(usual ?? 0)}`,
      values: { ...values, [rule.label.slice(0, 40)]: name },
    }
  if (outcome === 'too-large')
    return {
      verdict: rule.verdict,
      reason: 'metric.share-too-large',
      summary: `${part}, allowed is ${shownShare(rule.above!)}`,
      values: { ...values, [rule.label.slice(0, 40)]: name },
    }
  return null
}

/** Where the source keeps the past, the first check learns from it. */
function pastOf(series: readonly Series[], rule: ShareRule, now: number): KeptShares {
  let past: KeptShares = { t: [], s: {} }
  const oldest = Math.min(...series.map(({ points }) => points[0]?.at ?? now))
  for (let index = SAMPLES; index >= 1; index--) {
    const at = now - (index * rule.window) / SAMPLES
    if (at < oldest) continue
    const parts = partsOf(series, rule.label, at)
    const total = [...parts.values()].reduce((a, b) => a + b, 0)
    if (total > 0) past = addShares(past, parts, total, rule, at)
  }
  return past
}

function addShares(
  past: KeptShares,
  parts: Map<string, number>,
  total: number,
  rule: ShareRule,
  now: number,
): KeptShares {
  const oldest = (now - rule.window) / 1_000
  const from = Math.max(
    past.t.findIndex((at) => at > oldest) === -1 ? past.t.length : past.t.findIndex((at) => at > oldest),
    past.t.length + 1 - SAMPLES,
  )
  const t = [...past.t.slice(from), Math.round(now / 1_000)]
  const names = [...new Set([...parts.keys(), ...Object.keys(past.s)])]
    .map((name) => ({
      name,
      now: parts.get(name) ?? 0,
      before: past.s[name]?.slice(from) ?? past.t.slice(from).map(() => 0),
    }))
    .map((part) => ({ ...part, all: [...part.before, Math.round((part.now / total) * 10_000)] }))
    .filter(({ all }) => all.some((share) => share > 0))
    .sort((a, b) => Math.max(...b.all) - Math.max(...a.all))
    .slice(0, MOST_PARTS)
  return { t, s: Object.fromEntries(names.map(({ name, all }) => [name, all])) }
}
