import type { Alert } from './alert.ts'
import type { Silence, SilenceMatch, SilenceState } from './silence.ts'

/** Whether the silence speaks of this alert. */
export function silenceMatches(
  match: SilenceMatch,
  alert: Pick<Alert, 'monitorId' | 'serviceId' | 'dedupKey'>,
): boolean {
  if (match.monitorId === undefined && match.serviceId === undefined && match.dedupKey === undefined)
    return false
  if (match.monitorId !== undefined && match.monitorId !== alert.monitorId) return false
  if (match.serviceId !== undefined && match.serviceId !== alert.serviceId) return false
  return match.dedupKey === undefined || match.dedupKey === alert.dedupKey
}

/** Planned, in force, or over. */
export function silenceState(
  silence: Pick<Silence, 'from' | 'until' | 'endedAt'>,
  now: number,
): SilenceState {
  if (silence.endedAt !== null || silence.until <= now) return 'expired'
  return silence.from <= now ? 'active' : 'pending'
}

/** The silence in force over an alert, the one that lasts longest; null when none is. */
export function silenceOver(
  silences: readonly Silence[],
  alert: Pick<Alert, 'monitorId' | 'serviceId' | 'dedupKey'>,
  now: number,
): Silence | null {
  return silences
    .filter((s) => silenceState(s, now) === 'active' && silenceMatches(s.match, alert))
    .reduce<Silence | null>((best, s) => (best === null || s.until > best.until ? s : best), null)
}
