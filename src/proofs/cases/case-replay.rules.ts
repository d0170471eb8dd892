import { iso, type Millis } from '../../kit/clock.ts'
import type { ReplayEvidence, TimelineLine } from '../drill.ts'
import type { CaseConfig } from './case.ts'
import type { CasePlay } from './judge-case.rules.ts'

/**
 * A case as a replay that can be watched: how it went where it happened, beside how it would go here. Each fault is
 * played from an onset of its own; where there are several, the one that is noticed last counts.
 */
export function caseReplay(
  past: NonNullable<CaseConfig['past']>,
  plays: readonly CasePlay[],
  titles: ReadonlyMap<string, string>,
): Omit<ReplayEvidence, 'hash'> {
  const began = Date.parse(past.began)
  const line = (afterMs: Millis, what: string, text: string): TimelineLine => ({
    at: iso(began + afterMs),
    afterMs,
    what,
    text,
  })
  const asItWas = [
    line(0, 'started', 'It begins.'),
    line(Date.parse(past.noticed) - began, 'detected', past.how),
    ...(past.reached === undefined
      ? []
      : [line(Date.parse(past.reached) - began, 'acknowledged', 'Somebody is on it.')]),
    line(Date.parse(past.mended) - began, 'mitigated', 'It is mended.'),
  ].sort((a, b) => a.afterMs - b.afterMs)
  const wouldBe = plays
    .flatMap(({ fault, monitorId, onset, alertedAt, pages, verdict }) => [
      ...(alertedAt === null
        ? []
        : [line(alertedAt - onset, 'alert', `${monitorId} is ${verdict}: ${titles.get(fault) ?? fault}`)]),
      // Whoever is paged again heard it before.
      ...pages
        .slice(0, 1)
        .map(({ at, personId, channel }) => line(at - onset, 'page', `${personId} is paged by ${channel}`)),
    ])
    .sort((a, b) => a.afterMs - b.afterMs)
  const would = {
    noticed: latest(plays.map(({ alertedAt, onset }) => (alertedAt === null ? null : alertedAt - onset))),
    reached: latest(plays.map(({ pages, onset }) => (pages[0] ? pages[0].at - onset : null))),
  }
  const was = {
    noticed: Date.parse(past.noticed) - began,
    reached: Date.parse(past.reached ?? past.noticed) - began,
  }
  const gained = (['noticed', 'reached'] as const).map((what) => {
    const [wasMs, wouldMs] = [was[what], would[what]]
    return { what, wasMs, wouldMs, gainedMs: wouldMs === null ? null : wasMs - wouldMs }
  })
  return {
    from: iso(began),
    until: past.mended,
    observations: 0,
    counts: {},
    wouldBe,
    left: 0,
    asItWas,
    gained,
    expectations: [],
  }
}

/** The latest of several; null where one never came, or there is none. */
function latest(times: readonly (Millis | null)[]): Millis | null {
  return times.length === 0 || times.includes(null) ? null : Math.max(...(times as Millis[]))
}
