import type { Millis } from '../kit/clock.ts'
import { DAY } from '../kit/duration.ts'
import type { Serving } from './certificates.rows.ts'

/** A certificate that took the place of an older one. */
export interface Renewal {
  node: string
  /** When the new one was seen first. */
  at: Millis
  from: string
  to: string
  /** How long before the end of the old one; negative where it had expired. */
  daysBeforeEnd: number
}

export interface RenewalHistory {
  renewals: Renewal[]
  /** How many days before the end it usually is; null before the first. */
  usualDays: number | null
  /** For people; null before the first. */
  summary: string | null
}

const oneDecimal = (value: number) => Math.round(value * 10) / 10

/** When a monitor's certificates were renewed, from what was served where and since when. */
export function renewalHistory(servings: readonly Serving[]): RenewalHistory {
  const newest = new Map<string, Serving>()
  const renewals: Renewal[] = []
  for (const serving of servings.toSorted((a, b) => a.since - b.since || a.notBefore - b.notBefore)) {
    const before = newest.get(serving.node)
    // An older one that shows up later is a node that was left behind, and no renewal.
    if (before && serving.notBefore <= before.notBefore) continue
    newest.set(serving.node, serving)
    if (!before) continue
    renewals.push({
      node: serving.node,
      at: serving.since,
      from: before.fingerprint,
      to: serving.fingerprint,
      daysBeforeEnd: oneDecimal((before.notAfter - serving.since) / DAY),
    })
  }
  const last = renewals.at(-1)
  if (!last) return { renewals, usualDays: null, summary: null }
  const days = renewals.map(({ daysBeforeEnd }) => daysBeforeEnd)
  const usualDays = median(days)
  const words = inWords(last.daysBeforeEnd)
  const earlier = days.slice(0, -1)
  const summary =
    earlier.length === 0 ? `renewed ${words}` : `renewed ${words}, usually ${inWords(median(earlier))}`
  return { renewals, usualDays, summary }
}

const inWords = (days: number) =>
  days >= 0 ? `${Math.round(days)} days before its end` : `${Math.round(-days)} days after its end`

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : oneDecimal((sorted[middle - 1]! + sorted[middle]!) / 2)
}
