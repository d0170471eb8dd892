import type { Millis } from '../../kit/clock.ts'
import type { Verdict } from '../observation.ts'

/** This Tocsin itself, as a place. */
export const HERE = 'here'

/** What one place saw last. */
export interface PlaceView {
  place: string
  at: Millis
  verdict: Verdict
  reason: string
  summary: string
}

/** Reasons that only several places together can give. */
export const PLACE_REASONS = ['place.outside-only', 'place.inside-only', 'place.silent'] as const

export interface Quorum {
  verdict: Verdict
  reason: string
  summary: string
}

const isBad = (view: PlaceView) => view.verdict === 'down' || view.verdict === 'degraded'
const named = (views: { place: string }[]) => views.map(({ place }) => place).join(', ')

/**
 * What k of n places say together. What is older than `freshMs` says nothing any more: its share is unknown, and where
 * it could tip the scales the whole is unknown. Bad at every place but here, or here alone, has a reason of its own,
 * also where too few are bad to call it down.
 */
export function judgePlaces(
  views: PlaceView[],
  { names, quorum }: { names: string[]; quorum: number },
  now: Millis,
  freshMs: Millis,
): Quorum {
  const fresh = names.flatMap((place) =>
    views.filter((view) => view.place === place && now - view.at <= freshMs && view.verdict !== 'unknown'),
  )
  const bad = fresh.filter(isBad)
  const good = fresh.filter((view) => !isBad(view))
  const silent = names.filter((place) => !fresh.some((view) => view.place === place))
  const told = bad[0] && `${bad[0].place} says: ${bad[0].summary}`
  const enough = bad.length >= quorum
  // One place's "degraded" among those that say "down" makes it no better.
  const worst: Verdict =
    bad.filter(({ verdict }) => verdict === 'down').length >= quorum ? 'down' : 'degraded'
  const here = fresh.find(({ place }) => place === HERE)
  const outside = fresh.filter(({ place }) => place !== HERE)
  const outsideNames = names.filter((place) => place !== HERE)
  if (
    here &&
    !isBad(here) &&
    outside.length === outsideNames.length &&
    outside.length > 0 &&
    outside.every(isBad)
  )
    return {
      verdict: enough ? worst : 'degraded',
      reason: 'place.outside-only',
      summary: `well from here, bad from outside (${named(outside)}): ${told}`,
    }
  if (here && isBad(here) && outside.length > 0 && !outside.some(isBad))
    return {
      verdict: enough ? worst : 'degraded',
      reason: 'place.inside-only',
      summary: `bad from here, well from outside (${named(outside)}): ${here.summary}`,
    }
  if (enough)
    return {
      verdict: worst,
      reason: mostCommon(bad),
      summary: `bad from ${bad.length} of ${names.length} places (${named(bad)}): ${told}`,
    }
  // Even if all silent ones were bad there would not be enough.
  if (bad.length + silent.length < quorum) {
    const but = bad.length > 0 ? `, bad from ${named(bad)} only` : ''
    const without = silent.length > 0 ? `, nothing known from ${silent.join(', ')}` : ''
    return {
      verdict: 'up',
      reason: 'ok',
      summary: `well from ${good.length} of ${names.length} places${but}${without}`,
    }
  }
  return {
    verdict: 'unknown',
    reason: 'place.silent',
    summary: `nothing known from ${silent.join(', ')}: ${bad.length} bad and ${good.length} well of ${names.length} places decide nothing`,
  }
}

function mostCommon(bad: PlaceView[]): string {
  const counts = new Map<string, number>()
  for (const { reason } of bad) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0]
}
