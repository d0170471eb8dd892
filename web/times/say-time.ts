const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365.25 * DAY

/** A length of time in at most two parts: `45 s`, `3 min`, `2 h 05 min`, `6 d 4 h`. */
export function sayDuration(ms: number): string {
  const length = Math.abs(ms)
  if (length < SECOND) return `${Math.round(length)} ms`
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`
  if (length < HOUR) {
    const seconds = Math.floor((length % MINUTE) / SECOND)
    const minutes = Math.floor(length / MINUTE)
    return minutes < 10 && seconds > 0 ? `${minutes} min ${seconds} s` : `${minutes} min`
  }
  if (length < DAY) {
    const minutes = Math.floor((length % HOUR) / MINUTE)
    return minutes > 0
      ? `${Math.floor(length / HOUR)} h ${String(minutes).padStart(2, '0')} min`
      : `${Math.floor(length / HOUR)} h`
  }
  const hours = Math.floor((length % DAY) / HOUR)
  return hours > 0 && length < 14 * DAY
    ? `${Math.floor(length / DAY)} d ${hours} h`
    : `${Math.floor(length / DAY)} d`
}

/** A length as configuration writes it: `90s`, `5m`, `1h30m`. */
export function writeDuration(ms: number): string {
  const parts: [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'm'],
    [SECOND, 's'],
    [1, 'ms'],
  ]
  let rest = Math.round(ms)
  let text = ''
  for (const [size, unit] of parts) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) text += `${count}${unit}`
  }
  return text || '0s'
}

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }

/** `1h30m` as milliseconds; null where it is not written so. */
export function readDuration(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/.test(text)) return null
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0)
}

/** `just now`, `3 min ago`, `in 2 h`; one part is enough for a glance. */
export function sayRelative(at: number, now: number): string {
  const away = at - now
  const length = Math.abs(away)
  if (length < 10 * SECOND) return away > 0 ? 'in a moment' : 'just now'
  // Days are counted to what is to come; of what is long past nobody counts them.
  if (away < 0 && length >= 2 * YEAR) return `${Math.floor(length / YEAR)} years ago`
  const said =
    length < MINUTE
      ? `${Math.floor(length / SECOND)} s`
      : length < HOUR
        ? `${Math.floor(length / MINUTE)} min`
        : length < 2 * DAY
          ? `${Math.floor(length / HOUR)} h`
          : `${Math.floor(length / DAY)} d`
  return away > 0 ? `in ${said}` : `${said} ago`
}

/** What the missing time of an incident is called: never zero, never blank. */
export const NOT_RECORDED = 'not recorded'

const two = (part: number) => String(part).padStart(2, '0')
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `14:05` or `14:05:09` in the reader's own zone. */
export function sayClock(at: number, seconds = false): string {
  const date = new Date(at)
  const short = `${two(date.getHours())}:${two(date.getMinutes())}`
  return seconds ? `${short}:${two(date.getSeconds())}` : short
}

/** `Sat 21 Nov` in the reader's own zone. */
export function sayDay(at: number): string {
  const date = new Date(at)
  return `${DAYS[date.getDay()]} ${date.getDate()} ${MONTHS[date.getMonth()]}`
}

/** The exact instant: `Sat 21 Nov 2026, 00:34:05 UTC+1`. */
export function sayExact(at: number): string {
  const date = new Date(at)
  return `${sayDay(at)} ${date.getFullYear()}, ${sayClock(at, true)} ${sayOffset(date)}`
}

/** `Sat 21 Nov, 00:34`; the year where it is not this one. */
export function sayInstant(at: number, now: number): string {
  const date = new Date(at)
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`
  return `${sayDay(at)}${year}, ${sayClock(at)}`
}

function sayOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const hours = Math.floor(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  return `UTC${minutes > 0 ? '+' : '−'}${hours}${rest > 0 ? `:${two(rest)}` : ''}`
}

/** For `<input type="datetime-local">`: the reader's own wall time. */
export function toLocalInput(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${sayClock(at)}`
}

/** From `<input type="datetime-local">`; null when it is empty or not a time. */
export function fromLocalInput(text: string): string | null {
  const at = text ? new Date(text).getTime() : Number.NaN
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
