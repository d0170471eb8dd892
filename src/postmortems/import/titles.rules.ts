import type { Piece } from './block.ts'
import type { Section } from './outline.rules.ts'
import { cut, type Placed, trim } from './placed-text.ts'
import type { Found } from './reading.ts'
import { ticketsIn } from './references.rules.ts'
import { leadingTime } from './timeline.rules.ts'
import { found } from './values.ts'

interface Titled {
  piece: Piece
  whole: readonly Section[]
  several: boolean
}

/** The title: of the incident's own heading, of the document, of its first line. */
export function titleOf(
  sections: readonly Section[],
  { piece, several, whole }: Titled,
): Found<string> | null {
  const shared = piece.title ?? firstHeading(whole)
  if (several) {
    const own = ownTitle(sections, shared)
    if (own) return own
  }
  const heading = sections.find(
    ({ heading, topic, level }) =>
      heading !== null && topic === null && level <= 2 && !isOnlyTime(heading.text.text),
  )?.heading
  const first = sections.find(({ heading }) => heading !== null)
  if (heading && first?.heading === heading && (first.level === 1 || !piece.title))
    return found(heading.text, 0.95)
  if (piece.title) return found(piece.title, 0.9)
  const line =
    sections[0]?.topic === null
      ? sections[0].blocks.find(({ kind, text }) => kind === 'paragraph' && text.text.length <= 160)
      : undefined
  if (line && sections[0]!.blocks[0] === line) return found(line.text, 0.8)
  return heading && heading.level === 1 ? found(heading.text, 0.7) : null
}

/** "2020-11-17" and "10:30 UTC" name nothing. */
export function isOnlyTime(text: string): boolean {
  const time = leadingTime(text)
  return time !== null && text.slice(time.rest).trim().length < 3
}

function firstHeading(sections: readonly Section[]): Placed | null {
  const line = sections[0]?.blocks.find(({ kind }) => kind === 'paragraph')
  return line && line.text.text.length <= 200 ? line.text : null
}

/** Of several incidents: the part of the title beside the ticket that this one's headings name. */
function ownTitle(sections: readonly Section[], shared: Placed | null): Found<string> | null {
  const named = sections.find(
    ({ heading }) => heading !== null && ticketsIn(heading.text, false).length > 0,
  )?.heading
  const ticket = named ? ticketsIn(named.text, false)[0]!.value : null
  if (ticket && shared) {
    const tickets = ticketsIn(shared, false)
    const at = tickets.findIndex(({ value }) => value === ticket)
    if (at >= 0 && tickets.length > 1) {
      const places = tickets.map(({ value }) => shared.text.indexOf(value))
      const leads = places[0]! < 3
      const from = leads ? places[at]! : at === 0 ? 0 : places[at - 1]! + tickets[at - 1]!.value.length
      const to = leads ? (places[at + 1] ?? shared.text.length) : places[at]! + ticket.length
      return found(trimSigns(cut(shared, from, to)), 0.8)
    }
  }
  // The last heading before its first section: the one above it may be that of all.
  const first = sections.findIndex(({ heading, topic }) => heading !== null && topic !== null)
  const own = sections
    .slice(0, Math.max(first, 0))
    .findLast(({ heading, topic }) => heading !== null && topic === null)
  return own?.heading ? found(own.heading.text, 0.9) : null
}

function trimSigns(placed: Placed): Placed {
  const { text } = placed
  const lead = /^[\s|:;,–—-]*/.exec(text)![0].length
  return trim(cut(placed, lead, text.replace(/[\s|:;,–—-]*$/, '').length))
}
