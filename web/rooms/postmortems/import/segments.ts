import type { Value } from './values.ts'

/** A piece of the source under the same values throughout. */
export interface Segment {
  from: number
  to: number
  /** The numbers of the values that it belongs to, the narrowest first. */
  ids: number[]
}

/** Cuts the source where values begin and end; what no value holds is in no segment. */
export function segmentsOf(values: readonly Value[]): Segment[] {
  const marked = values.flatMap((value) =>
    value.places.filter(({ from, to }) => to > from).map(({ from, to }) => ({ from, to, value })),
  )
  const edges = [...new Set(marked.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  const begins = Map.groupBy(marked, ({ from }) => from)
  const segments: Segment[] = []
  let open: Marked[] = []
  for (const [i, at] of edges.entries()) {
    open = open.filter(({ to }) => to > at)
    const more = begins.get(at)
    if (more) open = [...open, ...more].sort(narrowest)
    const next = edges[i + 1]
    if (open.length > 0 && next !== undefined)
      segments.push({ from: at, to: next, ids: open.map(({ value }) => value.id) })
  }
  return segments
}

interface Marked {
  from: number
  to: number
  value: Value
}

// A proposal asks for a look. A finding is about a value, and a ticket is a reference too: what says more is drawn.
const WEIGHTS: Partial<Record<Value['topic'], number>> = { proposal: -1, reference: 1, finding: 2 }
function narrowest(a: Marked, b: Marked): number {
  const weight = (WEIGHTS[a.value.topic] ?? 0) - (WEIGHTS[b.value.topic] ?? 0)
  return weight || a.to - a.from - (b.to - b.from) || b.value.id - a.value.id
}

/** A part of the source that is clicked as one: a paragraph, an item of a list, a row, a heading. */
export interface Unit {
  from: number
  to: number
  /** Blank lines before it. */
  gap: boolean
}

const LONGEST_UNIT = 4_000
const BEGINS =
  /^\s*(?:[-*+•·–]\s|\d{1,3}[.)]\s|#{1,6}\s|[|]|={1,6}[^=]|[A-Z][\w-]{1,30}:\s|[[(]?\d{1,4}[-:/.hT]\d)/
const TAG_BEGINS = /^\s*<(?:p|li|tr|td|th|h[1-6]|div|dt|dd|table|ul|ol|section|article|title)\b/i
const HEADING = /^\s*(?:#{1,6}\s|={1,6}[^=])/
const begins = (line: string) => BEGINS.test(line) || TAG_BEGINS.test(line)

/** The units of a text, in order; together they hold everything but blank lines. */
export function unitsOf(source: string): Unit[] {
  const units: Unit[] = []
  let open: Unit | null = null
  let gap = false
  let closed = false
  let at = 0
  while (at < source.length) {
    let end = source.indexOf('\n', at)
    if (end < 0) end = source.length
    const line = source.slice(at, end)
    if (line.trim() === '') {
      open = null
      gap = units.length > 0
    } else {
      if (open === null || closed || end - open.from > LONGEST_UNIT || begins(line.slice(0, 60))) {
        for (const piece of piecesOf(source, at, end)) {
          open = { ...piece, gap }
          units.push(open)
          gap = false
        }
      } else open.to = end
      closed = HEADING.test(line)
    }
    at = end + 1
  }
  return units
}

/** A line without end, as pages without line breaks have them, in parts that a person can look at. */
function piecesOf(source: string, from: number, to: number): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = []
  let at = from
  while (to - at > LONGEST_UNIT) {
    const within = source.slice(at, at + LONGEST_UNIT)
    const cut = Math.max(within.lastIndexOf('>') + 1, within.lastIndexOf(' ') + 1)
    const end = at + (cut > LONGEST_UNIT / 2 ? cut : LONGEST_UNIT)
    pieces.push({ from: at, to: end })
    at = end
  }
  return [...pieces, { from: at, to }]
}

/** The segments within a unit, cut to it. */
export function within(segments: readonly Segment[], { from, to }: Pick<Unit, 'from' | 'to'>): Segment[] {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (segments[middle]!.to <= from) low = middle + 1
    else high = middle
  }
  const found: Segment[] = []
  for (let i = low; i < segments.length && segments[i]!.from < to; i++) {
    const segment = segments[i]!
    found.push({ ...segment, from: Math.max(segment.from, from), to: Math.min(segment.to, to) })
  }
  return found
}

/** The sentences of a text, as places in it. */
export function sentencesOf(text: string): { from: number; to: number }[] {
  const sentences: { from: number; to: number }[] = []
  for (const m of text.matchAll(/\S(?:[^.!?]|[.!?](?!\s|$))*[.!?]?/g))
    sentences.push({ from: m.index, to: m.index + m[0].trimEnd().length })
  return sentences
}
