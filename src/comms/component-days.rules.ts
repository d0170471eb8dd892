import { DAY } from '../kit/duration.ts'
import { worse } from './component-status.rules.ts'
import type { ComponentDay, ComponentStatus } from './status-page.ts'

export interface StatusChange {
  at: number
  status: ComponentStatus
}

/** The UTC day that an instant lies in. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/**
 * The worst state of each of the last `count` days, today last, and the share of the known time without an
 * outage. Time before the first change is unknown and counts for neither side.
 */
export function componentDays(
  changes: readonly StatusChange[],
  now: number,
  count: number,
): { days: ComponentDay[]; availability: number | null } {
  const firstDay = Math.floor(now / DAY) * DAY - (count - 1) * DAY
  const ordered = changes.toSorted((a, b) => a.at - b.at)
  const spans = ordered.map((change, i) => ({
    from: change.at,
    to: Math.min(ordered[i + 1]?.at ?? now, now),
    status: change.status,
  }))
  let known = 0
  let out = 0
  for (const span of spans) {
    const ms = Math.max(0, span.to - Math.max(span.from, firstDay))
    known += ms
    if (span.status === 'partial_outage' || span.status === 'major_outage') out += ms
  }
  const days = Array.from({ length: count }, (_, i) => {
    const from = firstDay + i * DAY
    // The state that holds now counts for today even before any time has passed in it.
    const status = spans
      .filter((span) => span.from < from + DAY && (span.to > from || (span.to === now && span.from >= from)))
      .map((span) => span.status)
      .reduce<ComponentStatus | null>((worst, next) => (worst === null ? next : worse(worst, next)), null)
    return { day: dayOf(from), status }
  })
  return { days, availability: known > 0 ? (known - out) / known : null }
}
