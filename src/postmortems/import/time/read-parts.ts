import { MONTH_PATTERN, MONTHS, ZONE_PATTERN } from './words.ts'

/** A point in time as far as its text says it. */
export interface TimePoint {
  year: number | null
  /** 1 to 12. */
  month: number | null
  day: number | null
  /** 1 = Monday. */
  weekday: number | null
  /** 0 to 24. */
  hour: number | null
  minute: number | null
  second: number | null
  /** Twelve-hour clock: what it said. Null: no word of it. */
  half: 'am' | 'pm' | null
  /** The hour was written with one digit. */
  shortHour: boolean
  dayPart: string | null
  /** As written: `UTC`, `CEST`, `+02:00`, `Europe/Zurich`. */
  zone: string | null
  /** Two small numbers that may be day and month or month and day; both as written. */
  either: [number, number] | null
  /** What such numbers with a slash say of their order, where only one is possible. */
  order?: 'day-first' | 'month-first'
}

/** A pattern that is tried exactly where it is told to. */
export const sticky = (source: string, flags = 'iy') => new RegExp(source, flags)
/** Where a word ends. */
export const END = '(?![\\p{L}\\p{N}])'
const YEAR = '((?:19|20)\\d\\d)'
const ISO_DATE = sticky(`${YEAR}([-/.])(\\d{1,2})\\2(\\d{1,2})(?!\\d)`, 'iyu')
const BARE_DATE = sticky(`${YEAR}(\\d\\d)(\\d\\d)(?![\\d-])`, 'iyu')
const DAY_MONTH = sticky(
  `(\\d{1,2})(?:st|nd|rd|th|\\.|er)?[ \\t-]{0,2}(?:of )?(${MONTH_PATTERN})${END}\\.?(?:,?[ \\t-]{0,2}(?:${YEAR}|['’](\\d\\d)|(\\d\\d)(?!\\d|[:.h]))${END})?`,
  'iyu',
)
const MONTH_DAY = sticky(
  `(${MONTH_PATTERN})\\.?[ \\t-]{0,2}(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:.])(?:,?[ \\t-]{0,2}${YEAR}${END})?`,
  'iyu',
)
const MONTH_YEAR = sticky(`(${MONTH_PATTERN})\\.?,? ${YEAR}${END}`, 'iyu')
const SMALL_DATE = sticky(`(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4}|\\d\\d)(?![\\d.])`, 'iyu')
const SMALLEST_DATE = sticky('(\\d{1,2})([./])(\\d{1,2})\\2?(?=[ ,T]{1,3}\\d{1,2}[:h]\\d\\d)', 'iyu')
const CLOCK = sticky('(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:[.,]\\d{1,9})?)?(?!\\d|:\\d)', 'iyu')
const CLOCK_DOT = sticky('(\\d{1,2})\\.(\\d\\d)(?![\\d.%])', 'iyu')
const CLOCK_H = sticky(`(\\d{1,2}) ?h ?(\\d\\d)?${END}`, 'iyu')
const CLOCK_HALF = sticky(`(\\d{1,2})[ \\t]?([ap])\\.?m\\.?${END}`, 'iyu')
const CLOCK_BARE = sticky(`(\\d\\d)(\\d\\d)(?=[ \\t]?(?:Z|UTC|GMT|hrs|hours|h|${ZONE_PATTERN})${END})`, 'yu')
const HALF = sticky(`[ \\t]?([ap])\\.?m\\.?${END}`, 'iyu')
const WORD_CLOCK = sticky(`(noon|midnight)${END}`, 'iyu')
const HOURS_WORD = sticky(`[ \\t]?(?:hrs|hours|h|uhr)${END}\\.?`, 'iyu')
const ZONE = sticky(
  `[ \\t]{0,2}[([]?((?:UTC|GMT)[ \\t]?[+-]\\d{1,2}(?::?\\d\\d)?|(?:${ZONE_PATTERN})${END}|(?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic|Indian)/[A-Z][A-Za-z_]{1,30})[)\\]]?`,
  'yu',
)
const OFFSET = sticky('[ \\t]?([+-]\\d\\d:?\\d\\d)(?![\\d:])', 'iyu')

/** Tries a pattern at a place. */
export function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** A date found in a text. */
export interface DateText {
  point: Pick<TimePoint, 'year' | 'month' | 'day' | 'either' | 'order'>
  to: number
  /** Its month is a word, or its year has four digits. */
  named: boolean
}

const century = (short: string) => 2000 + Number(short)

/** Reads the date that begins exactly here. */
export function readDate(text: string, at: number): DateText | null {
  const before = text[at - 1]
  if (before !== undefined && /[\p{N}:.]/u.test(before)) return null
  const date = (year: number | null, month: number, day: number | null, to: number): DateText | null =>
    month >= 1 && month <= 12 && (day === null || (day >= 1 && day <= 31))
      ? { point: { year, month, day, either: null }, to, named: true }
      : null
  let m = match(ISO_DATE, text, at)
  if (m) return date(Number(m[1]), Number(m[3]), Number(m[4]), ISO_DATE.lastIndex)
  m = match(DAY_MONTH, text, at)
  if (m) {
    const short = m[4] ?? m[5]
    const year = m[3] ? Number(m[3]) : short ? century(short) : null
    return date(year, MONTHS.get(m[2]!.toLowerCase())!, Number(m[1]), DAY_MONTH.lastIndex)
  }
  m = match(MONTH_DAY, text, at)
  if (m)
    return date(
      m[3] ? Number(m[3]) : null,
      MONTHS.get(m[1]!.toLowerCase())!,
      Number(m[2]),
      MONTH_DAY.lastIndex,
    )
  m = match(MONTH_YEAR, text, at)
  if (m) return date(Number(m[2]), MONTHS.get(m[1]!.toLowerCase())!, null, MONTH_YEAR.lastIndex)
  m = match(SMALL_DATE, text, at)
  if (m)
    return either(
      Number(m[1]),
      Number(m[3]),
      m[2]!,
      m[4]!.length === 4 ? Number(m[4]) : century(m[4]!),
      SMALL_DATE.lastIndex,
    )
  m = match(SMALLEST_DATE, text, at)
  if (m) return either(Number(m[1]), Number(m[3]), m[2]!, null, SMALLEST_DATE.lastIndex)
  m = match(BARE_DATE, text, at)
  if (m) return date(Number(m[1]), Number(m[2]), Number(m[3]), BARE_DATE.lastIndex)
  return null
}

function either(a: number, b: number, sign: string, year: number | null, to: number): DateText | null {
  if (a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12)) return null
  const named = year !== null
  // With dots the day always comes first.
  if (a > 12 || sign === '.')
    return b > 12
      ? null
      : {
          point: { year, month: b, day: a, either: null, ...(sign === '.' ? {} : { order: 'day-first' }) },
          to,
          named,
        }
  if (b > 12) return { point: { year, month: a, day: b, either: null, order: 'month-first' }, to, named }
  return { point: { year, month: null, day: null, either: [a, b] }, to, named }
}

/** A clock time found in a text. */
export interface ClockText {
  point: Pick<TimePoint, 'hour' | 'minute' | 'second' | 'half' | 'shortHour' | 'zone'>
  to: number
}

/** Reads the clock time that begins exactly here; after a date more of what might be one is. */
export function readClock(text: string, at: number, afterDate: boolean): ClockText | null {
  const before = text[at - 1]
  if (!afterDate && before !== undefined && /[\p{N}.:/]/u.test(before)) return null
  let hour: number
  let minute = 0
  let second: number | null = null
  let half: 'am' | 'pm' | null = null
  let digits = 2
  let to: number
  const colon = match(CLOCK, text, at)
  const halved = colon ? null : match(CLOCK_HALF, text, at)
  const lettered = colon || halved ? null : match(CLOCK_H, text, at)
  const bare = colon || halved || lettered ? null : match(CLOCK_BARE, text, at)
  const dotted = colon || halved || lettered || bare ? null : match(CLOCK_DOT, text, at)
  const word = colon || halved || lettered || bare || dotted ? null : match(WORD_CLOCK, text, at)
  if (colon) {
    digits = colon[1]!.length
    hour = Number(colon[1])
    minute = Number(colon[2])
    second = colon[3] ? Number(colon[3]) : null
    to = CLOCK.lastIndex
  } else if (halved) {
    hour = Number(halved[1])
    half = halved[2]!.toLowerCase() === 'a' ? 'am' : 'pm'
    to = CLOCK_HALF.lastIndex
  } else if (lettered) {
    // "3h" is a duration unless a date stands before it.
    if (!lettered[2] && !afterDate) return null
    hour = Number(lettered[1])
    minute = lettered[2] ? Number(lettered[2]) : 0
    to = CLOCK_H.lastIndex
  } else if (bare) {
    hour = Number(bare[1])
    minute = Number(bare[2])
    to = CLOCK_BARE.lastIndex
  } else if (dotted) {
    hour = Number(dotted[1])
    minute = Number(dotted[2])
    to = CLOCK_DOT.lastIndex
    if (!afterDate && !match(HALF, text, to) && !match(HOURS_WORD, text, to)) return null
  } else if (word) {
    hour = word[1]!.toLowerCase() === 'noon' ? 12 : 0
    to = WORD_CLOCK.lastIndex
  } else return null
  if (half === null && match(HALF, text, to)) {
    half = text.slice(to, HALF.lastIndex).trim()[0]!.toLowerCase() === 'a' ? 'am' : 'pm'
    to = HALF.lastIndex
  }
  if (match(HOURS_WORD, text, to)) to = HOURS_WORD.lastIndex
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0) || (second ?? 0) > 60) return null
  if (half !== null && (hour === 0 || hour > 12)) half = null
  const zone = readZone(text, to)
  return {
    point: { hour, minute, second, half, shortHour: digits === 1, zone: zone?.zone ?? null },
    to: zone?.to ?? to,
  }
}

/** Reads the zone that stands behind a time. */
export function readZone(text: string, at: number): { zone: string; to: number; letters: boolean } | null {
  const named = match(ZONE, text, at)
  if (named) return { zone: named[1]!.replace(/[ \t]/, ''), to: ZONE.lastIndex, letters: true }
  const offset = match(OFFSET, text, at)
  if (!offset) return null
  // "09:30-10:15" is a span of time; only a full stamp carries its offset with a hyphen and a colon.
  const stamp = /T\d\d:\d\d|:\d\d:\d\d/.test(text.slice(Math.max(0, at - 12), at))
  if (offset[1]![0] === '-' && offset[1]!.includes(':') && !stamp) return null
  return { zone: offset[1]!, to: OFFSET.lastIndex, letters: false }
}

/** Clock time on 24 hours, or null. */
export function hourOf(point: TimePoint): number | null {
  if (point.hour === null || point.half === null) return point.hour
  return (point.hour % 12) + (point.half === 'pm' ? 12 : 0)
}
