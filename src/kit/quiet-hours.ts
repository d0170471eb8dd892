import { z } from 'zod'
import type { Millis } from './clock.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of the day such as 20:00')

/** A part of the day, by the wall clock of whoever it is for; one that passes midnight is written the same way. */
export interface QuietHours {
  /** `20:00` */
  from: string
  until: string
}

/** Quiet hours as a setting: from eight in the evening to eight in the morning where nothing is said, `null` for none. */
export const quietHours = (description: string) =>
  z
    .strictObject({ from: time, until: time })
    .nullable()
    .default({ from: '20:00', until: '08:00' })
    .meta({ title: 'Quiet', description })

/** Whether it is a quiet hour where the person lives. */
export function isQuiet(now: Millis, timezone: string, { from, until }: QuietHours): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone)
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' })
  return from <= until ? time >= from && time < until : time >= from || time < until
}

/** The first moment from `now` on that is no quiet hour. */
export function afterQuiet(now: Millis, timezone: string, quiet: QuietHours | null): Millis {
  if (quiet === null || quiet.from === quiet.until || !isQuiet(now, timezone, quiet)) return now
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone)
  // A time that the clocks skip is taken as the first after the gap.
  const end = local.withPlainTime(Temporal.PlainTime.from(quiet.until))
  const next = Temporal.ZonedDateTime.compare(end, local) > 0 ? end : end.add({ days: 1 })
  return next.epochMilliseconds
}
