import { hourOf, type TimePoint } from './read-parts.ts'
import { ZONES } from './words.ts'

/** A day of the calendar. */
export interface Day {
  year: number
  month: number
  day: number
}

/** What the document as a whole says of its times. */
export interface TimeSetting {
  /** 03/04 is the third of April. */
  dayFirst: boolean
  /** The zone of times that name none. */
  zone: string | null
  /** The year of dates that name none; null: to be guessed. */
  year: number | null
  /** The latest day that a guess may give. */
  today: Day
  /** A day that the document is about, for times before any date. */
  anchor: Day | null
}

/** Where the reader of a timeline stands: what an entry without a date goes on from. */
export interface TimeCursor {
  day: Day | null
  /** Minutes since midnight of the entry before. */
  minutes: number | null
  zone: string | null
}

export type Guess = 'year' | 'day' | 'next-day' | 'afternoon' | 'weekday'

export interface ResolvedTime {
  /** `2026-01-31T14:05+01:00`, without an offset when no zone is known, or a day alone. Null without any date. */
  iso: string | null
  day: Day | null
  minutes: number | null
  /** Its text has no date: it is that of the entries before. */
  dayInherited: boolean
  guesses: Guess[]
  zone: string | null
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0')
const dayText = ({ year, month, day }: Day) => `${pad(year, 4)}-${pad(month)}-${pad(day)}`
const plain = ({ year, month, day }: Day) => new Temporal.PlainDate(year, month, day)
const fromPlain = ({ year, month, day }: Temporal.PlainDate): Day => ({ year, month, day })

/** Days since 1970 that are the same for equal days: for comparing. */
export function dayNumber({ year, month, day }: Day): number {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000)
}

function exists({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Minutes east of UTC that a zone has at a local time; null when it is none we know. */
export function offsetOf(zone: string, day: Day, minutes: number): number | null {
  const signed = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/.exec(zone)
  if (signed) {
    const offset = Number(signed[2]) * 60 + Number(signed[3] ?? 0)
    if (offset > 14 * 60) return null
    return signed[1] === '-' ? -offset : offset
  }
  const letters = ZONES[zone]
  if (letters && letters.offset !== null) return letters.offset
  const place = letters?.place ?? (zone.includes('/') ? zone : null)
  return place === null ? null : placeOffset(place, day, minutes)
}

function placeOffset(place: string, { year, month, day }: Day, minutes: number): number | null {
  try {
    const local = new Temporal.PlainDateTime(year, month, day, Math.floor(minutes / 60) % 24, minutes % 60)
    return Math.round(local.toZonedDateTime(place).offsetNanoseconds / 60e9)
  } catch {
    return null
  }
}

/** The offset that the letters mean and the one that clocks had where they are used; null when they agree. */
export function seasonConflict(
  zone: string,
  day: Day,
  minutes: number,
): { said: number; real: number } | null {
  const letters = ZONES[zone]
  // GMT is what many write for UTC, whatever the season.
  if (!letters || letters.place === null || letters.offset === null || zone === 'GMT') return null
  const real = placeOffset(letters.place, day, minutes)
  return real === null || real === letters.offset ? null : { said: letters.offset, real }
}

/** Minutes as `Z` or `+01:00`. */
export function offsetText(offset: number): string {
  if (offset === 0) return 'Z'
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

function guessYear(month: number, day: number, weekday: number | null, setting: TimeSetting): number {
  const newest = setting.today.year
  for (let year = newest; year > newest - 28; year--) {
    const date = { year, month, day }
    if (!exists(date) || dayNumber(date) > dayNumber(setting.today)) continue
    if (weekday === null || plain(date).dayOfWeek === weekday) return year
  }
  return newest
}

/** The day that the point names by itself. */
function ownDay(point: TimePoint, cursor: TimeCursor, setting: TimeSetting, guesses: Guess[]): Day | null {
  let { month, day } = point
  if (point.either) [day, month] = setting.dayFirst ? point.either : [point.either[1], point.either[0]]
  if (month === null) return null
  let year = point.year
  if (year === null) {
    const near = cursor.day ?? setting.anchor
    if (near && setting.year === null) year = nearestYear(month, day ?? 1, near)
    else if (setting.year !== null) {
      year = setting.year
      // From December into January.
      if (cursor.day && cursor.day.year >= year && cursor.day.month - month >= 6) year = cursor.day.year + 1
    } else {
      year = guessYear(month, day ?? 1, point.weekday, setting)
      guesses.push('year')
    }
  }
  const found = { year, month, day: day ?? 1 }
  return exists(found) ? found : null
}

function nearestYear(month: number, day: number, near: Day): number {
  let best = near.year
  for (const year of [near.year - 1, near.year + 1]) {
    const distance = (y: number) => Math.abs(dayNumber({ year: y, month, day }) - dayNumber(near))
    if (distance(year) < distance(best)) best = year
  }
  return best
}

/** The day of a weekday: the next one after the entries before, or the last one before the day that it is about. */
function dayOfWeekday(weekday: number, cursor: TimeCursor, setting: TimeSetting): Day | null {
  if (cursor.day) {
    const from = plain(cursor.day)
    return fromPlain(from.add({ days: (weekday - from.dayOfWeek + 7) % 7 }))
  }
  if (!setting.anchor) return null
  const anchor = plain(setting.anchor)
  return fromPlain(anchor.subtract({ days: (anchor.dayOfWeek - weekday + 7) % 7 }))
}

/** Backwards by more than this without a date means that midnight has passed. */
const NIGHT = 4 * 60

/** Gives a point its date, zone and offset from what stands around it, and moves the cursor on. */
export function resolveTime(point: TimePoint, cursor: TimeCursor, setting: TimeSetting): ResolvedTime {
  const guesses: Guess[] = []
  let day = ownDay(point, cursor, setting, guesses)
  let dayInherited = false
  if (day === null && point.weekday !== null) {
    day = dayOfWeekday(point.weekday, cursor, setting)
    if (day) guesses.push('weekday')
  }
  let hour = hourOf(point)
  if (hour === 24) hour = 0
  let minutes = hour === null ? null : hour * 60 + (point.minute ?? 0)
  if (day === null) {
    dayInherited = true
    day = cursor.day ?? setting.anchor
    if (day && cursor.day === null) guesses.push('day')
    if (day && minutes !== null && cursor.minutes !== null && cursor.day) {
      // 12:40, 1:15: the clock of twelve hours went round.
      const noon = cursor.minutes >= 720 && cursor.minutes < 1440
      if (
        point.half === null &&
        point.shortHour &&
        noon &&
        minutes < 720 &&
        minutes + 720 >= cursor.minutes
      ) {
        minutes += 720
        guesses.push('afternoon')
      } else if (cursor.minutes - minutes > NIGHT) {
        day = fromPlain(plain(day).add({ days: 1 }))
        guesses.push('next-day')
      }
    }
  } else if (point.hour === 24) day = fromPlain(plain(day).add({ days: 1 }))
  const zone = point.zone ?? cursor.zone ?? setting.zone
  cursor.day = day ?? cursor.day
  if (minutes !== null) cursor.minutes = minutes
  else if (!dayInherited) cursor.minutes = null
  return { iso: isoText(point, day, minutes, zone), day, minutes, dayInherited, guesses, zone }
}

function isoText(
  point: TimePoint,
  day: Day | null,
  minutes: number | null,
  zone: string | null,
): string | null {
  if (day === null) return null
  if (minutes === null) {
    const whole =
      point.day === null && point.either === null && point.weekday === null && point.month !== null
    return whole ? dayText(day).slice(0, 7) : dayText(day)
  }
  const clock = `${dayText(day)}T${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  const offset = zone === null ? null : offsetOf(zone, day, minutes)
  return offset === null ? clock : clock + offsetText(offset)
}

/** Milliseconds for putting times in order; a time without a zone is taken as it stands. */
export function sortKey(iso: string): number {
  const m = /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(Z|[+-]\d\d:\d\d)?)?)?$/.exec(iso)
  if (!m) return Number.NaN
  const wall = Date.UTC(
    Number(m[1]),
    Number(m[2]) - 1,
    Number(m[3] ?? 1),
    Number(m[4] ?? 0),
    Number(m[5] ?? 0),
  )
  const zone = m[6]
  if (!zone || zone === 'Z') return wall
  const size = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return wall - (zone[0] === '-' ? -size : size) * 60_000
}

/** Whether 03/04 is the third of April in this document: what makes its dates possible, in order, and close together. */
export function decideDayFirst(pairs: readonly { pair: [number, number]; year: number | null }[]): {
  dayFirst: boolean
  sure: boolean
} {
  const score = (dayFirst: boolean) => {
    const days = pairs.map(({ pair, year }) => {
      const [day, month] = dayFirst ? pair : [pair[1], pair[0]]
      return exists({ year: year ?? 2000, month, day }) ? dayNumber({ year: year ?? 2000, month, day }) : null
    })
    if (days.some((day) => day === null)) return Number.POSITIVE_INFINITY
    let spread = 0
    for (let i = 1; i < days.length; i++) spread += Math.abs(days[i]! - days[i - 1]!)
    return spread
  }
  if (pairs.length === 0) return { dayFirst: true, sure: true }
  const [first, second] = [score(true), score(false)]
  return {
    dayFirst: first <= second,
    sure: Math.abs(first - second) > 10 || pairs.every(({ pair }) => pair[0] === pair[1]),
  }
}
