import type { Millis } from '../../../kit/clock.ts'

/** Whether it is a quiet hour where the person lives; a span that passes midnight is one. */
export function isQuiet(
  now: Millis,
  timezone: string,
  { from, until }: { from: string; until: string },
): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone)
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' })
  return from <= until ? time >= from && time < until : time >= from || time < until
}
