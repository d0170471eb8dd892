import { END, match, readClock, readDate, readZone, sticky, type TimePoint } from './read-parts.ts'
import { DAY_PARTS, WEEKDAY_PATTERN, WEEKDAYS } from './words.ts'

/** A time, or a span of time, found in a text. */
export interface TimeText {
  /** Place in the text, with the brackets around it. */
  from: number
  to: number
  start: TimePoint
  /** Place of the start alone, without brackets. */
  startTo: number
  startFrom: number
  end: TimePoint | null
  endFrom: number
  /** The span goes on without an end. */
  open: boolean
  approx: boolean
}

const NONE: TimePoint = {
  year: null,
  month: null,
  day: null,
  weekday: null,
  hour: null,
  minute: null,
  second: null,
  half: null,
  shortHour: false,
  dayPart: null,
  zone: null,
  either: null,
}

const WEEKDAY = sticky(`(${WEEKDAY_PATTERN})${END}\\.?,?[ \\t]*(?:the )?`, 'iyu')
const DAY_PART = sticky(`(?:in the )?(${Object.keys(DAY_PARTS).join('|')})${END}`, 'iyu')
const APPROX = sticky(
  `(?:[~≈∼≃][ \\t]?|(?:about|around|circa|ca|c|approx|approximately|roughly|some time (?:around|after|before)|sometime (?:around|after|before)|shortly (?:after|before)|just (?:after|before)|before|after|by)${END}\\.?[ \\t]+)+`,
  'iyu',
)
const LEAD = sticky(`(?:(?:at|on|from|between|since|as of|starting|beginning)${END}[ \\t]+)`, 'iyu')
const BETWEEN_PARTS = sticky(
  `[ \\t]*(?:[,T@|]|at${END}|on${END}|um${END}|à${END}|[-–—](?=[ \\t]))?[ \\t]*`,
  'iyu',
)
const RANGE = sticky(
  `[ \\t]*(?:[-–—→]|-+>|to${END}|until${END}|till${END}|through${END}|and${END})[ \\t]*`,
  'iyu',
)
const ONWARDS = sticky(`[ \\t]+onwards?${END}`, 'iyu')
const OPEN_END = sticky(`(?:onwards?|present|now|ongoing|\\?+|later)${END}`, 'iyu')

/** Longer than any time that people write. */
const WINDOW = 120

/**
 * Reads the time that begins exactly here, after brackets and words like "at". Null where there is none, or none that
 * can be: the 13th month, the 61st minute. Looks no further than its window, so that its cost is bounded.
 */
export function readTimeAt(full: string, start: number): TimeText | null {
  const text = full.length > WINDOW * 4 ? full.slice(Math.max(0, start - 1), start + WINDOW) : full
  const shift = text === full ? 0 : Math.max(0, start - 1)
  const found = readHere(text, start - shift)
  if (!found || shift === 0) return found
  return {
    ...found,
    from: found.from + shift,
    to: found.to + shift,
    startFrom: found.startFrom + shift,
    startTo: found.startTo + shift,
    endFrom: found.endFrom + shift,
  }
}

function readHere(text: string, start: number): TimeText | null {
  let at = start
  let close: string | null = null
  const opened = text[at]
  if (opened === '[' || opened === '(') {
    close = opened === '[' ? ']' : ')'
    at++
    while (text[at] === ' ') at++
  }
  at = match(LEAD, text, at) ? LEAD.lastIndex : at
  let approx = false
  const tilde = () => {
    if (!match(APPROX, text, at)) return
    approx = true
    at = APPROX.lastIndex
  }
  tilde()
  const startFrom = at
  const first = readPoint(text, at)
  if (!first) return null
  approx ||= first.approx
  at = first.to
  const found: TimeText = {
    from: start,
    to: at,
    start: first.point,
    startFrom,
    startTo: at,
    end: null,
    endFrom: at,
    open: false,
    approx,
  }
  const onwards = match(ONWARDS, text, at)
  if (onwards) {
    found.open = true
    found.to = ONWARDS.lastIndex
    at = found.to
  }
  const range = onwards ? null : match(RANGE, text, at)
  if (range) {
    const after = RANGE.lastIndex
    if (match(OPEN_END, text, after)) {
      found.open = true
      found.to = OPEN_END.lastIndex
    } else {
      at = after
      tilde()
      const second = readPoint(text, at)
      // "10:35 - 2 nodes restarted" goes on with a number, not with a time.
      if (second && second.point.hour !== null && (first.point.hour !== null || second.point.day !== null)) {
        found.end = second.point
        found.endFrom = at
        found.to = second.to
        found.approx = approx
        if (found.end.zone && !found.start.zone) found.start = { ...found.start, zone: found.end.zone }
        if (
          found.start.half === null &&
          found.end.half &&
          found.start.hour! <= 12 &&
          found.start.hour! <= found.end.hour!
        )
          found.start = { ...found.start, half: found.end.half }
      } else if (
        second &&
        second.point.day !== null &&
        first.point.day !== null &&
        first.point.hour === null
      ) {
        found.end = second.point
        found.endFrom = at
        found.to = second.to
      }
    }
  }
  if (close !== null) {
    let end = found.to
    while (text[end] === ' ') end++
    if (text[end] === close) found.to = end + 1
    // The bracket may have been taken for that of the zone.
    else if (opened === '(' && text[found.to - 1] !== close) return null
  }
  return found
}

interface Point {
  point: TimePoint
  to: number
  approx: boolean
}

/** A date, a clock time, or both in either order, with weekday and zone. */
function readPoint(text: string, start: number): Point | null {
  let at = start
  let approx = false
  const weekday = match(WEEKDAY, text, at)
  const day = weekday ? WEEKDAYS.get(weekday[1]!.toLowerCase())! : null
  const afterWeekday = weekday ? WEEKDAY.lastIndex : at
  const date = readDate(text, afterWeekday)
  if (date) {
    at = date.to
    const point: TimePoint = { ...NONE, ...date.point, weekday: day }
    // "2020-06-10 (Wed) 05:00"
    match(BETWEEN_PARTS, text, at)
    let next = BETWEEN_PARTS.lastIndex || at
    if (next < at) next = at
    if (match(APPROX, text, next)) {
      const clock = readClock(text, APPROX.lastIndex, true)
      if (clock) return { point: { ...point, ...clock.point }, to: clock.to, approx: true }
    }
    const clock = readClock(text, next, true)
    if (clock) return { point: { ...point, ...clock.point }, to: clock.to, approx }
    const part = match(DAY_PART, text, next)
    if (part)
      return { point: { ...point, dayPart: part[1]!.toLowerCase() }, to: DAY_PART.lastIndex, approx: true }
    const zone = readZone(text, at)
    return zone?.letters
      ? { point: { ...point, zone: zone.zone }, to: zone.to, approx }
      : { point, to: at, approx }
  }
  const clock = readClock(text, afterWeekday, false)
  if (clock) {
    const point: TimePoint = { ...NONE, ...clock.point, weekday: day }
    at = clock.to
    if (day === null) {
      const between = match(BETWEEN_PARTS, text, at)
      if (between && between[0] !== '' && !/^[ \t]*[-–—|][ \t]*$/.test(between[0])) {
        const from = BETWEEN_PARTS.lastIndex
        const named = match(WEEKDAY, text, from)
        const later = readDate(text, named ? WEEKDAY.lastIndex : from)
        // A number that merely follows is no date.
        if (later?.named)
          return {
            point: {
              ...point,
              ...later.point,
              weekday: named ? WEEKDAYS.get(named[1]!.toLowerCase())! : null,
            },
            to: later.to,
            approx,
          }
      }
    }
    return { point, to: at, approx }
  }
  if (day === null) return null
  const part = match(DAY_PART, text, afterWeekday)
  if (part)
    return {
      point: { ...NONE, weekday: day, dayPart: part[1]!.toLowerCase() },
      to: DAY_PART.lastIndex,
      approx: true,
    }
  approx = true
  const to = start + weekday![1]!.length
  return { point: { ...NONE, weekday: day }, to, approx }
}
