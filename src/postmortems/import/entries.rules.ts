import { join, type Placed, spanOf, trim } from './placed-text.ts'
import type { Finding, Moment, ReadEntry } from './reading.ts'
import {
  type Day,
  type ResolvedTime,
  resolveTime,
  seasonConflict,
  sortKey,
  type TimeCursor,
  type TimeSetting,
} from './time/resolve-time.ts'
import type { RawEntry, Step } from './timeline.rules.ts'
import { found, isTemplate, joined, said } from './values.ts'

type Noted = Omit<Finding, 'incident'>

/** Gives every entry its date and says what is odd about the times. */
export function resolveEntries(
  steps: readonly Step[],
  setting: TimeSetting,
  zone: string | null,
): { entries: ReadEntry[]; findings: Noted[] } {
  const cursor: TimeCursor = { day: null, minutes: null, zone }
  const entries: ReadEntry[] = []
  const findings: Noted[] = []
  let dayFrom: ReadEntry['dateFrom'] = null
  let season = false
  let guessed = false
  let zoneless = 0
  for (const step of steps) {
    if ('note' in step) {
      const { note } = step
      if (note.zone) cursor.zone = note.zone
      if (note.time) {
        const { day } = resolveTime(note.time.start, cursor, setting)
        if (day) {
          cursor.minutes = null
          dayFrom = spanOf(note.timeIn, note.time.startFrom, note.time.startTo)
        }
      }
      continue
    }
    const { entry } = step
    const text = found(worded(entry), entry.time ? 0.95 : 0.6)
    if (!text) continue
    if (!entry.time && isTemplate(text.value)) continue
    if (!entry.time || !entry.timeIn) {
      entries.push({ at: null, end: null, approx: false, dateFrom: null, text, moment: momentOf(text) })
      continue
    }
    const span = spanOf(entry.timeIn, entry.time.startFrom, entry.time.startTo)
    const at = resolveTime(entry.time.start, cursor, setting)
    if (!at.dayInherited) dayFrom = entry.dateIn ?? span
    const later = entry.time.end ? resolveTime(entry.time.end, { ...cursor }, setting) : null
    if (later?.day) {
      cursor.day = later.day
      cursor.minutes = later.minutes ?? cursor.minutes
    }
    if (at.iso === null)
      findings.push({
        code: 'time-without-date',
        message: 'No date stands with this time, nor anywhere before it.',
        span,
      })
    for (const guess of at.guesses) {
      const message = GUESSES[guess]
      if (guess === 'year' ? guessed : message === null) continue
      if (guess === 'year') guessed = true
      findings.push({
        code: guess === 'year' ? 'date-without-year' : 'date-guessed',
        message: message!,
        span,
      })
    }
    if (!season && at.zone && at.day && at.minutes !== null) season = seasonOdd(at, findings, span)
    if (at.zone === null && at.minutes !== null) zoneless++
    entries.push({
      at: at.iso === null ? null : said(at.iso, span, confidenceOf(at, entry)),
      end: later?.iso
        ? said(
            later.iso,
            spanOf(entry.timeIn, entry.time.startFrom, entry.time.to),
            confidenceOf(later, entry),
          )
        : null,
      approx: entry.time.approx,
      dateFrom: at.dayInherited || entry.dateIn ? dayFrom : null,
      text,
      moment: momentOf(text),
    })
  }
  if (zoneless > 0) {
    const first = entries.find(({ at }) => at?.value.includes('T'))
    findings.push({
      code: 'zone-not-stated',
      message: `No time zone is stated for ${zoneless === 1 ? 'one time' : `${zoneless} times`}: they are kept as they stand.`,
      span: first?.at?.span ?? null,
    })
  }
  // Status pages tell the newest first.
  if (isBackwards(entries)) entries.reverse()
  findings.push(...few(disorder(entries)), ...few(doubles(entries)))
  return { entries, findings }
}

/** What an entry says; a short first part, as in a table or a heading, is set apart from the rest. */
function worded({ parts, via }: RawEntry): Placed {
  const said = parts.filter(({ text }) => text.trim() !== '')
  const apart = said.length > 1 && (via === 'row' || via === 'heading') && said[0]!.text.length < 60
  return apart ? join([trim(said[0]!), joined(said.slice(1))], ' — ') : joined(said)
}

const GUESSES: Record<ResolvedTime['guesses'][number], string | null> = {
  year: 'The document does not state the year: the latest one that fits is taken.',
  day: null,
  'next-day': 'The time goes back by hours without a date: it is taken to be of the next day.',
  afternoon: 'A clock of twelve hours without am or pm: it is taken to be after noon.',
  weekday: null,
}

function confidenceOf(at: ResolvedTime, entry: RawEntry): number {
  let confidence = 0.97
  if (at.dayInherited) confidence -= 0.05
  if (at.guesses.length > 0) confidence -= 0.25
  if (entry.time?.start.either) confidence -= 0.05
  if (at.zone === null && at.minutes !== null) confidence -= 0.05
  return Math.round(confidence * 100) / 100
}

function seasonOdd(at: ResolvedTime, findings: Noted[], span: Noted['span']): boolean {
  const conflict = seasonConflict(at.zone!, at.day!, at.minutes!)
  if (!conflict) return false
  const hours = (minutes: number) => `UTC${minutes < 0 ? '−' : '+'}${Math.abs(minutes) / 60}`
  findings.push({
    code: 'zone-against-daylight-saving',
    message: `The times are said to be ${at.zone}, which is ${hours(conflict.said)}; on that day clocks there showed ${hours(conflict.real)}. One of the two is an hour off.`,
    span,
  })
  return true
}

const MOST = 200

/** Where hundreds are odd in the same way, the first of them tell it. */
const few = (findings: Noted[]) => findings.slice(0, MOST)

function isBackwards(entries: readonly ReadEntry[]): boolean {
  const keys = entries.flatMap(({ at }) => (at?.value.includes('T') ? [sortKey(at.value)] : []))
  return keys.length >= 3 && keys.every((key, i) => i === 0 || key <= keys[i - 1]!) && keys.at(-1)! < keys[0]!
}

function disorder(entries: readonly ReadEntry[]): Noted[] {
  const findings: Noted[] = []
  let latest: { key: number; value: string } | null = null
  for (const { at, approx } of entries) {
    if (!at?.value.includes('T')) continue
    const key = sortKey(at.value)
    if (latest && key < latest.key && !approx)
      findings.push({
        code: 'time-out-of-order',
        message: `${at.value} stands after ${latest.value}.`,
        span: at.span,
      })
    else if (!latest || key > latest.key) latest = { key, value: at.value }
  }
  return findings
}

function doubles(entries: readonly ReadEntry[]): Noted[] {
  const seen = new Set<string>()
  const findings: Noted[] = []
  for (const { at, text } of entries) {
    const key = `${at?.value ?? ''} ${text.value.toLowerCase()}`
    if (seen.has(key))
      findings.push({
        code: 'doubled-entries',
        message: 'This entry stands twice in the timeline.',
        span: text.span,
      })
    seen.add(key)
  }
  return findings
}

/** First match wins: what says the most stands first. */
const MOMENTS: readonly (readonly [Moment, RegExp, number])[] = [
  [
    'resolved',
    /\b(?:incident|outage|issue|problem|service|services|everything|all (?:systems|services|clear)|impact)\b.{0,40}\b(?:is |are |was |were |been |fully |now |marked (?:as )?)*(?:resolved|over|closed|ends?|ended|restored|recovered|back (?:online|up|to normal)|fixed)\b|\b(?:outage|incident|impact) ends?\b|\bback online\b|\b(?:works?|working|worked) again\b|\b(?:outage|incident|impact|degradation) (?:is )?over\b|\bfully (?:recovered|restored|resolved|operational)\b|\b(?:service|problem|issue|incident) (?:restoration|resolution)\b|\bnormal (?:capacity|operations?|service)\b|^(?:resolved|fixed|end of (?:incident|outage|impact))\b/i,
    0.75,
  ],
  [
    'mitigated',
    /\b(?:mitigated|mitigation (?:applied|complete|in place)|rolled? ?back|reverted|workaround (?:applied|in place|deployed)|failed over|hot ?fix (?:deployed|released|applied)|partially (?:restored|recovered))\b/i,
    0.65,
  ],
  [
    'detected',
    /\b(?:alert(?:s|ed|ing)?|alarms?|pages?|paged|pager|pagerduty|opsgenie|pingdom|notic(?:e|es|ed)|detect(?:s|ed)?|reports?|reported|discover(?:s|ed)?|(?:notif(?:y|ies|ied)|inform(?:s|ed)?|tells?|told|pings?|pinged|asks?|asked|contact(?:s|ed)|call(?:s|ed)|writes?|wrote) .{0,80}\b(?:problems?|issues?|fail\w*|down|outage|errors?|not (?:working|able|responding)|irc|chat|slack)|ticket|complain(?:s|ed|ts)?|noticed|observed|receiv(?:e|ed) .{0,30}(?:report|alert|ticket|complaint)|(?:customers?|users?|colleagues?|volunteers?|someone|somebody|people) .{0,40}(?:says?|said|asks?|asked|writes?|wrote|calls?|called|complain\w*))\b/i,
    0.6,
  ],
  [
    'acknowledged',
    /\b(?:acknowledg(?:e|es|ed)|on-?call .{0,40}(?:joins?|joined|starts?|started|investigat\w+|responds?|responded)|picked up|starts? (?:to )?investigat\w+|investigation (?:began|begins|started|starts)|incident (?:declared|opened|created)|declared an? incident|opened an incident|work starts)\b/i,
    0.6,
  ],
  [
    'communicated',
    /\b(?:status ?page|announce(?:d|s|ment)|communicat\w+|customers? (?:were |was )?(?:notified|informed)|e-?mail(?:ed)? (?:sent|to)|posted|tweeted|notif(?:y|ies|ied))\b/i,
    0.55,
  ],
  [
    'started',
    /\b(?:(?:incident|outage|impact|problem|issue|degradation|errors?|failures?) (?:starts?|started|begins?|began|start)|start(?:s|ed)? (?:of )?(?:the )?(?:incident|outage|impact|failing|fail|to fail|erroring)|stopped (?:to )?(?:respond\w*|work\w*|process\w*|accept\w*)|expired?|went down|goes down|crash(?:es|ed)|becomes? unavailable|became unavailable|loss of|begins? to fail|began (?:to fail|failing)|deployed|merged|released|rebooted|rolled out)\b/i,
    0.5,
  ],
]

function momentOf(text: NonNullable<ReadEntry['text']>): ReadEntry['moment'] {
  for (const [moment, pattern, confidence] of MOMENTS) {
    const words = text.value.slice(0, 600)
    const m = pattern.exec(words)
    if (
      m &&
      !/\b(?:not|no|never|isn't|wasn't|was not)\b[^.]{0,20}$/i.test(
        words.slice(Math.max(0, m.index - 24), m.index),
      )
    )
      return said(moment, text.span, confidence)
  }
  return null
}

/** The first day of the entries that have one. */
export function firstDay(entries: readonly ReadEntry[]): Day | null {
  const value = entries.find(({ at }) => at !== null)?.at?.value
  const m = value ? /^(\d{4})-(\d\d)-(\d\d)/.exec(value) : null
  return m ? { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) } : null
}
