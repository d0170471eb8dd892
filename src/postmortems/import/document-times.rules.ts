import type { Block, Piece } from './block.ts'
import type { Section } from './outline.rules.ts'
import { type Placed, place, type Span, spanOf } from './placed-text.ts'
import type { Finding } from './reading.ts'
import { readTimeAt, type TimeText } from './time/read-time.ts'
import { type Day, decideDayFirst, resolveTime, type TimeSetting } from './time/resolve-time.ts'
import { zoneInHeading, zoneSaid } from './timeline.rules.ts'

const CANDIDATE =
  /(?<![\p{L}\p{N}.:])(?=\d{1,4}[./:-]\d|\d{1,2}(?:st|nd|rd|th|\.)? ?[\p{L}]{3}|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|20\d{6})/giu
const MOST_CHARACTERS = 300_000
const MOST_TIMES = 2_000

export interface TimeSeen {
  time: TimeText
  text: Placed
}

/** The dates of the document, in its order; it stops looking after a while. */
export function datesIn(blocks: readonly Block[]): TimeSeen[] {
  const seen: TimeSeen[] = []
  let characters = 0
  for (const block of blocks) {
    if (block.kind === 'code') continue
    for (const text of block.cells ?? [...(block.term ? [block.term] : []), block.text]) {
      characters += text.text.length
      if (characters > MOST_CHARACTERS || seen.length > MOST_TIMES) return seen
      let past = 0
      for (const m of text.text.matchAll(CANDIDATE)) {
        if (m.index < past) continue
        const time = readTimeAt(text.text, m.index)
        if (!time) continue
        past = time.to
        if (time.start.day !== null || time.start.either !== null) seen.push({ time, text })
      }
    }
  }
  return seen
}

export interface DocumentTimes {
  setting: TimeSetting
  findings: Omit<Finding, 'incident'>[]
  /** Where the anchor stands. */
  anchorFrom: Span | null
}

/** Works out what holds for all times of a document: the order of day and month, its zone, its year, its day. */
export function documentTimes(
  piece: Piece,
  sections: readonly Section[],
  name: string,
  today: Day,
): DocumentTimes {
  const findings: DocumentTimes['findings'] = []
  const blocks = sections.flatMap(({ heading, blocks }) => (heading ? [heading, ...blocks] : blocks))
  const seen = datesIn(blocks)
  const pairs = seen.filter(({ time }) => time.start.either !== null)
  const said = seen.find(({ time }) => time.start.order !== undefined)?.time.start.order
  const order = said
    ? { dayFirst: said === 'day-first', sure: true }
    : decideDayFirst(pairs.map(({ time }) => ({ pair: time.start.either!, year: time.start.year })))
  if (pairs.length > 0 && !order.sure) {
    const { time, text } = pairs[0]!
    findings.push({
      code: 'date-ambiguous',
      message: `The dates can be read as day and month or as month and day: ${order.dayFirst ? 'day and month' : 'month and day'} is taken.`,
      span: spanOf(text, time.startFrom, time.startTo),
    })
  }
  const bare: TimeSetting = { dayFirst: order.dayFirst, zone: null, year: null, today, anchor: null }
  const anchor = findAnchor(piece, sections, seen, name, bare)
  if (anchor.guessed && anchor.span)
    findings.push({
      code: 'date-without-year',
      message: `The document does not state the year: ${anchor.day!.year} is the latest that fits.`,
      span: anchor.span,
    })
  return {
    setting: { ...bare, anchor: anchor.day, zone: zoneOf(sections) },
    findings,
    anchorFrom: anchor.span,
  }
}

interface Anchor {
  day: Day | null
  span: Span | null
  guessed: boolean
}

/** The day that the document is about: of its title, its "Date:", its summary, its name; else of its publication. */
function findAnchor(
  piece: Piece,
  sections: readonly Section[],
  seen: readonly TimeSeen[],
  name: string,
  setting: TimeSetting,
): Anchor {
  const resolve = (time: TimeText, year: Day | null): { day: Day | null; guessed: boolean } => {
    const { day, guesses } = resolveTime(
      time.start,
      { day: null, minutes: null, zone: null },
      { ...setting, anchor: year },
    )
    return {
      day: time.start.day === null && time.start.either === null ? null : day,
      guessed: guesses.includes('year'),
    }
  }
  const published = piece.date ? dateWithin(piece.date) : null
  const publishedDay = published ? resolve(published, null).day : null
  const fromName = dateWithin(place(name.replaceAll(/[_.]/g, ' ')))
  const nameDay = fromName && fromName.start.year !== null ? resolve(fromName, null).day : null
  const withYear = seen.find(({ time }) => time.start.year !== null)
  const yearOf = nameDay ?? (withYear ? resolve(withYear.time, null).day : null) ?? publishedDay
  const texts: Placed[] = []
  if (piece.title) texts.push(piece.title)
  for (const { heading, level } of sections) if (heading && level === 1) texts.push(heading.text)
  for (const { topic, blocks, heading } of sections)
    if (topic === 'facts')
      texts.push(
        ...(heading && /date|day|start|when/i.test(heading.text.text)
          ? blocks.slice(0, 2).map(({ text }) => text)
          : []),
      )
  for (const text of texts) {
    const time = dateWithin(text)
    if (!time) continue
    const { day, guessed } = resolve(time, yearOf)
    if (day) return { day, span: spanOf(text, time.startFrom, time.startTo), guessed }
  }
  if (nameDay) return { day: nameDay, span: null, guessed: false }
  const usable = seen.filter(({ time }) => time.start.year !== null || time.start.month !== null)
  const first = usable[0]
  if (first) {
    const { day, guessed } = resolve(first.time, yearOf)
    if (day) return { day, span: spanOf(first.text, first.time.startFrom, first.time.startTo), guessed }
  }
  return { day: publishedDay, span: piece.date ? spanOf(piece.date) : null, guessed: false }
}

function dateWithin(placed: Placed): TimeText | null {
  for (const m of placed.text.slice(0, 2_000).matchAll(CANDIDATE)) {
    const time = readTimeAt(placed.text, m.index)
    if (time && (time.start.day !== null || time.start.either !== null)) return time
  }
  return null
}

/** The zone that the document gives to its times, in a sentence or in the heading of its timeline. */
function zoneOf(sections: readonly Section[]): string | null {
  for (const { topic, heading, blocks } of sections) {
    if (topic === 'timeline' && heading) {
      const zone = zoneInHeading(heading.text.text)
      if (zone) return zone
    }
    for (const block of blocks) {
      if (block.kind === 'code' || block.kind === 'row') continue
      const zone = zoneSaid(block.text.text)
      if (
        zone &&
        /\ball\b|\btimes? ?zone\b|\btimes?\b.{0,25}\b(?:are|is|listed|given|shown|in|below|here|used)\b|^\W*(?:times?|note)\b/i.test(
          block.text.text,
        )
      )
        return zone
    }
  }
  return null
}
