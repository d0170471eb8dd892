import type { Block } from './block.ts'
import { cut, join, type Placed, type Span, spanOf, trim } from './placed-text.ts'
import { readTimeAt, type TimeText } from './time/read-time.ts'
import { ZONE_PATTERN } from './time/words.ts'

/** An entry as it stands: its time's text, and what it says. */
export interface RawEntry {
  /** Null: it stands in a timeline without a time of its own. */
  time: TimeText | null
  /** What the places of `time` count in. */
  timeIn: Placed | null
  /** Where its date stands, in a column of its own. */
  dateIn?: Span
  parts: Placed[]
  block: Block
  via: Block['kind']
  depth: number
}

/** A date or a zone that stands between the entries and holds for those after it. */
export interface Note {
  time: TimeText | null
  timeIn: Placed
  zone: string | null
}

export type Step = { entry: RawEntry } | { note: Note }

const LEAD = /^[\s*_#>|•·–—-]*(?:(?:\p{Extended_Pictographic}|\ufe0f)+\s*)?/u
const AFTER = /^(?:[\s:–—\-|,;>→=]|\.(?=\s)|\](?=\s|$)|\)(?=[\s:]|$))+/
const ENDS_DATE = /^\s*(?:[:–—\-|;\])]|,\s|\.\s|$|\n)/

/** The time with which a text begins, and where its words begin. */
export function leadingTime(text: string): { time: TimeText; rest: number } | null {
  const lead = LEAD.exec(text.slice(0, 60))![0].length
  const time = readTimeAt(text, lead)
  if (!time) return null
  const { start } = time
  const after = text.slice(time.to, time.to + 20)
  const bracket = /^[[(]/.test(text.slice(time.from))
  if (start.hour === null && !bracket && time.end === null) {
    // "June 3 brought rain" is a sentence, "June 3: rain" an entry.
    if (!ENDS_DATE.test(after)) return null
    if (
      start.weekday !== null &&
      start.day === null &&
      start.either === null &&
      !/^\s*(?:[:–—-]|$)/.test(after) &&
      start.dayPart === null
    )
      return null
  }
  if (start.hour !== null && /^[\p{L}\p{N}%]/u.test(after)) return null
  const sign = AFTER.exec(text.slice(time.to, time.to + 40))
  return { time, rest: time.to + (sign ? sign[0].length : 0) }
}

const hasClock = (time: TimeText) => time.start.hour !== null
const ZONE_SAID = new RegExp(
  `\\b(?:(?:UTC|GMT)[+-]\\d{1,2}(?::?\\d\\d)?|(?:${ZONE_PATTERN})|(?:Europe|America|Asia|Australia|Africa|Pacific)/[A-Z][A-Za-z_]{1,30})(?![A-Za-z0-9/])`,
)
const ABOUT_TIMES = /\b(?:times?(?:stamps?)?|time ?zones?|zone|clock|hours|dates?|uhrzeiten|zeiten)\b/i

/** The zone that a sentence gives to all times: "All times are in UTC". */
export function zoneSaid(text: string): string | null {
  if (text.length > 400 || !ABOUT_TIMES.test(text)) return null
  if (/\b(?:Pacific|Eastern|Central|Mountain) (?:standard |daylight )?time\b/i.test(text)) {
    const m = /\b(Pacific|Eastern|Central|Mountain) (standard |daylight )?time\b/i.exec(text)!
    return `${m[1]![0]!.toUpperCase()}${m[2] ? m[2][0]!.toUpperCase() : ''}T`
  }
  if (/coordinated universal time|\bzulu\b/i.test(text)) return 'UTC'
  return ZONE_SAID.exec(text)?.[0] ?? null
}

/** The zone that a heading of a timeline or of a column gives: "Timeline (UTC)". */
export function zoneInHeading(text: string): string | null {
  return text.length < 120 ? (ZONE_SAID.exec(text)?.[0] ?? null) : null
}

/** Reads the blocks of a timeline into entries and what stands between them. */
export function readSteps(blocks: readonly Block[]): Step[] {
  const steps: Step[] = []
  const timed = blocks.some(
    (block) =>
      block.kind !== 'heading' &&
      (block.kind === 'row'
        ? (block.cells ?? []).some((cell) => leadingTime(cell.text) !== null)
        : lead(block) !== null),
  )
  let open: RawEntry | null = null
  let columns: Columns | null = null
  const begin = (entry: RawEntry) => {
    open = entry
    steps.push({ entry })
  }
  for (const [i, block] of blocks.entries()) {
    if (block.kind === 'heading') open = null
    if (block.kind === 'break' || block.kind === 'code' || block.text.text === '') continue
    const now = open as RawEntry | null
    if (block.kind === 'row') {
      const cells = block.cells ?? []
      if (block.header || (columns === null && looksLikeHeader(block))) {
        columns = columnsOf(cells)
        const zone = zoneInHeading(cells[columns.time]?.text ?? '')
        if (zone) steps.push({ note: { time: null, timeIn: block.text, zone } })
        continue
      }
      const entry = readRow(block, columns)
      if (entry && (entry.time !== null || !timed)) begin(entry)
      continue
    }
    columns = null
    if (block.kind === 'definition' && block.term) {
      const time = leadingTime(block.term.text)
      if (time) begin(entryOf(block, time.time, block.term, [trim(cut(block.term, time.rest)), block.text]))
      else if (now && now.depth === 0) begin(entryOf(block, null, null, [block.term, block.text]))
      continue
    }
    if (block.kind === 'heading') {
      const time = leadingTime(block.text.text) ?? trailingTime(block.text.text)
      open = null
      if (!time) continue
      const rest = 'rest' in time ? trim(cut(block.text, time.rest)) : trim(cut(block.text, 0, time.to))
      const next = nextKind(blocks, i)
      if (!hasClock(time.time) && (rest.text === '' || next.timed))
        steps.push({ note: { time: time.time, timeIn: block.text, zone: null } })
      if (hasClock(time.time) || !next.timed)
        begin({ ...entryOf(block, time.time, block.text, [rest]), depth: -1 })
      continue
    }
    const time = lead(block)
    if (block.kind === 'item') {
      if (time) {
        const rest = trim(cut(block.text, time.rest))
        const next = blocks[i + 1]
        // "- 5 March" above deeper items with clocks only says the day.
        if (
          !hasClock(time.time) &&
          rest.text === '' &&
          next?.kind === 'item' &&
          next.level > block.level &&
          lead(next)
        ) {
          steps.push({ note: { time: time.time, timeIn: block.text, zone: null } })
          continue
        }
        begin(entryOf(block, time.time, block.text, [rest]))
      } else if (now && (block.level > now.depth || now.via !== 'item' || isEmpty(now)))
        now.parts.push(block.text)
      else begin(entryOf(block, null, null, [block.text]))
      continue
    }
    readParagraph(block, now, steps, begin, timed)
  }
  return steps.flatMap((step): Step[] => {
    if (!('entry' in step) || !isEmpty(step.entry)) return [step]
    // A day on a line of its own holds for what follows.
    const { time, timeIn } = step.entry
    return time && timeIn && !hasClock(time) ? [{ note: { time, timeIn, zone: null } }] : []
  })
}

function readParagraph(
  block: Block,
  now: RawEntry | null,
  steps: Step[],
  begin: (entry: RawEntry) => void,
  timed: boolean,
): void {
  const zone = zoneSaid(block.text.text)
  let rest: Placed = block.text
  let entry: RawEntry | null = null
  let from = 0
  const { text } = block.text
  // Each line of a paragraph may begin an entry.
  for (let at = 0; at >= 0 && at < text.length; ) {
    const end = text.indexOf('\n', at)
    const line = cut(block.text, at, end < 0 ? text.length : end)
    const time = leadingTime(line.text)
    if (
      time &&
      (hasClock(time.time) ||
        time.time.start.day !== null ||
        time.time.start.either !== null ||
        /^[[(]/.test(line.text) ||
        line.text.length < 40)
    ) {
      if (at > from) finishPart(cut(block.text, from, at))
      entry = entryOf(block, time.time, line, [])
      begin(entry)
      from = at + time.rest
    }
    at = end < 0 ? -1 : end + 1
  }
  rest = cut(block.text, from)
  finishPart(rest)

  function finishPart(part: Placed): void {
    const trimmed = trim(part)
    if (trimmed.text === '') return
    if (entry) entry.parts.push(trimmed)
    else if (zone !== null && trimmed.text.length < 300) {
      const date = firstDate(trimmed.text)
      steps.push({ note: { time: date, timeIn: trimmed, zone } })
    } else if (
      now &&
      (isEmpty(now) ||
        now.via === 'heading' ||
        now.via === 'paragraph' ||
        block.level > now.depth + (now.via === 'item' ? 1 : 0) ||
        (now.via === 'item' && block.level > now.depth))
    )
      now.parts.push(trimmed)
    else if (!timed) begin(entryOf(block, null, null, [trimmed]))
  }
}

function entryOf(block: Block, time: TimeText | null, timeIn: Placed | null, parts: Placed[]): RawEntry {
  return { time, timeIn, parts, block, via: block.kind, depth: block.kind === 'item' ? block.level : 0 }
}

const isEmpty = (entry: RawEntry) => !entry.parts.some(({ text }) => text.trim() !== '')
const lead = (block: Block) =>
  leadingTime(block.kind === 'definition' && block.term ? block.term.text : block.text.text)

/** What comes next in a timeline after a heading: entries with times of their own, or words. */
function nextKind(blocks: readonly Block[], at: number): { timed: boolean } {
  for (const block of blocks.slice(at + 1, at + 40)) {
    if (block.kind === 'heading') {
      if (block.level <= blocks[at]!.level) return { timed: false }
      if (leadingTime(block.text.text)) return { timed: true }
      continue
    }
    if (block.kind === 'row' ? (block.cells ?? []).some((cell) => leadingTime(cell.text)) : lead(block))
      return { timed: true }
  }
  return { timed: false }
}

/** A heading may end with its time: "Service restored (10:42 UTC)". */
function trailingTime(text: string): { time: TimeText; to: number } | null {
  const open = text.lastIndexOf('(')
  if (open < 1 || !/\)\s*$/.test(text) || text.length - open > 60) return null
  const time = readTimeAt(text, open)
  return time && time.to >= text.trimEnd().length ? { time, to: open } : null
}

/** The first date in a short text. */
export function firstDate(text: string): TimeText | null {
  for (const m of text.slice(0, 2_000).matchAll(/(?<![\p{L}\p{N}])(?=[\p{L}\p{N}])/gu)) {
    const time = readTimeAt(text, m.index)
    if (time && (time.start.day !== null || time.start.either !== null)) return time
  }
  return null
}

interface Columns {
  time: number
  end: number | null
  date: number | null
}

const TIME_COLUMN =
  /\b(?:time|when|timestamp|start(?:ed)?|begin|zeit|uhrzeit|heure|utc|gmt|at|date ?\/ ?time)\b/i
const DATE_COLUMN = /^\s*(?:date|day|datum|jour)\s*$/i
const END_COLUMN = /\b(?:end(?:ed)?|until|to|finish(?:ed)?)\b/i

function looksLikeHeader(block: Block): boolean {
  const cells = block.cells ?? []
  return (
    cells.length > 1 &&
    cells.every((cell) => leadingTime(cell.text) === null && cell.text.length < 40) &&
    cells.some((cell) => TIME_COLUMN.test(cell.text) || DATE_COLUMN.test(cell.text))
  )
}

function columnsOf(cells: readonly Placed[]): Columns {
  const index = (pattern: RegExp, from = 0) => {
    const at = cells.findIndex(({ text }, i) => i >= from && pattern.test(text))
    return at < 0 ? null : at
  }
  const date = index(DATE_COLUMN)
  const time = index(TIME_COLUMN) ?? date ?? 0
  const end = index(END_COLUMN, time + 1)
  return {
    time,
    date: date === time ? null : date,
    end: end !== null && (cells[end]?.text.length ?? 99) < 20 ? end : null,
  }
}

function readRow(block: Block, columns: Columns | null): RawEntry | null {
  const cells = block.cells ?? []
  const times = cells.map((cell) => {
    const time = leadingTime(cell.text)
    // A cell that goes on is what happened, not when.
    return time && trim(cut(cell, time.rest)).text.length <= (columns ? 12 : 6) ? time.time : null
  })
  let at = columns && times[columns.time] ? columns.time : times.findIndex((time) => time !== null)
  if (at < 0) {
    const loose = cells.findIndex((cell) => leadingTime(cell.text) !== null)
    if (loose < 0) {
      const parts = cells.filter(({ text }) => text.trim() !== '')
      return parts.length > 0 ? { time: null, timeIn: null, parts, block, via: 'row', depth: 0 } : null
    }
    const time = leadingTime(cells[loose]!.text)!
    const parts = cells.map((cell, i) => (i === loose ? trim(cut(cell, time.rest)) : cell))
    return { time: time.time, timeIn: cells[loose]!, parts, block, via: 'row', depth: 0 }
  }
  let time = times[at]!
  let timeIn = cells[at]!
  let dateIn: Span | undefined
  const used = new Set([at])
  if (!hasClock(time)) {
    const clock = times.findIndex((other, i) => i !== at && other !== null && hasClock(other))
    if (clock >= 0) {
      used.add(clock)
      const { start, end } = times[clock]!
      const day = time.start
      time = {
        ...times[clock]!,
        start: {
          ...start,
          year: day.year,
          month: day.month,
          day: day.day,
          weekday: day.weekday,
          either: day.either,
        },
        end,
      }
      dateIn = spanOf(timeIn)
      timeIn = cells[clock]!
      at = clock
    }
  } else {
    const day = times.findIndex((other, i) => i !== at && other !== null && !hasClock(other))
    if (day >= 0 && time.start.day === null && time.start.either === null) {
      used.add(day)
      dateIn = spanOf(cells[day]!)
      const { year, month, day: dayOf, weekday, either } = times[day]!.start
      time = { ...time, start: { ...time.start, year, month, day: dayOf, weekday, either } }
    }
    const second = times.findIndex((other, i) => i > at && other !== null && hasClock(other))
    if (second > 0 && (columns?.end === second || columns === null)) {
      used.add(second)
      timeIn = join([timeIn, cells[second]!], ' ')
      time = { ...time, end: times[second]!.start, to: timeIn.text.length }
    }
  }
  const parts = cells.filter((cell, i) => !used.has(i) && cell.text.trim() !== '')
  return { time, timeIn, parts, block, via: 'row', depth: 0, ...(dateIn ? { dateIn } : {}) }
}
