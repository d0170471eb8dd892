import { CORRECTED_TOPICS, type CorrectedTopic } from '../../../contract/postmortem-imports.ts'
import type { Span } from '../placed-text.ts'
import type { Reading } from '../reading.ts'

export type ProposedTopic = Exclude<CorrectedTopic, 'nothing'>
export const PROPOSED_TOPICS = CORRECTED_TOPICS.filter((topic): topic is ProposedTopic => topic !== 'nothing')

/** What a language model says: these words of the document are this. */
export interface Quote {
  quote: string
  as: ProposedTopic
}

/** A quote with its place in the source. */
export interface Proposal extends Span {
  as: ProposedTopic
}

/** Why a quote is left out. */
export const DISCARD_REASONS = [
  /** Its words do not stand in the source, one after the other. */
  'not-in-the-source',
  /** They stand there more than once. */
  'several-places',
  /** The importer reads them so already. */
  'read-already',
  /** Another quote of the answer holds them. */
  'proposed-already',
  'too-short',
  'too-long',
  'too-many',
] as const
export type DiscardReason = (typeof DISCARD_REASONS)[number]

const SHORTEST = 3
const LONGEST = 20_000
const MOST = 200

/** Finds every quote in the source. What is not literally there is no proposal; line breaks may differ. */
export function locateQuotes(
  quotes: readonly Quote[],
  reading: Pick<Reading, 'source' | 'incidents'>,
): { proposals: Proposal[]; discarded: Partial<Record<DiscardReason, number>> } {
  const plain = unspaced(reading.source)
  const known = knownSpans(reading)
  const proposals: Proposal[] = []
  const discarded: Partial<Record<DiscardReason, number>> = {}
  if (quotes.length > MOST) discarded['too-many'] = quotes.length - MOST
  for (const { quote, as } of quotes.slice(0, MOST)) {
    const found = locate(quote, plain)
    const reason =
      typeof found === 'string'
        ? found
        : known.some((one) => one.as === as && holds(one, found))
          ? 'read-already'
          : proposals.some((one) => overlaps(one, found))
            ? 'proposed-already'
            : null
    if (reason !== null) discarded[reason] = (discarded[reason] ?? 0) + 1
    else proposals.push({ ...(found as Span), as })
  }
  return { proposals: proposals.sort((a, b) => a.from - b.from), discarded }
}

function locate(quote: string, { text, places }: Unspaced): Span | DiscardReason {
  const wanted = unspaced(quote.slice(0, LONGEST + 1)).text.trim()
  if (quote.length > LONGEST) return 'too-long'
  if (wanted.length < SHORTEST) return 'too-short'
  const at = text.indexOf(wanted)
  if (at < 0) return 'not-in-the-source'
  if (text.indexOf(wanted, at + 1) >= 0) return 'several-places'
  return { from: places[at]!, to: places[at + wanted.length - 1]! + 1 }
}

interface Unspaced {
  text: string
  /** Where each character stands in the source. */
  places: Uint32Array
}

/** The text with every run of white space as one space. */
function unspaced(source: string): Unspaced {
  const places = new Uint32Array(source.length)
  const parts: string[] = []
  let length = 0
  for (const m of source.matchAll(/\s+|\S+/g)) {
    const space = /^\s/.test(m[0])
    const part = space ? ' ' : m[0]
    for (let i = 0; i < part.length; i++) places[length + i] = m.index + i
    length += part.length
    parts.push(part)
  }
  return { text: parts.join(''), places }
}

const holds = (outer: Span, inner: Span) => outer.from <= inner.from && inner.to <= outer.to
const overlaps = (a: Span, b: Span) => a.from < b.to && b.from < a.to

/** What the importer read by itself, with its places. */
function knownSpans({ incidents }: Pick<Reading, 'incidents'>): Proposal[] {
  return incidents.flatMap((incident) => [
    ...Object.entries(incident.sections).flatMap(([as, { span, places = [] }]) =>
      [...places, ...(places.length > 0 ? [] : [span])].map((one) => ({ as: as as ProposedTopic, ...one })),
    ),
    ...incident.timeline.map(({ at, text }) => ({
      as: 'timeline' as const,
      from: Math.min(at?.span.from ?? text.span.from, text.span.from),
      to: Math.max(at?.span.to ?? text.span.to, text.span.to),
    })),
    ...incident.actions.map(({ text }) => ({ as: 'actions' as const, ...text.span })),
    ...(['wentWell', 'wentWrong', 'lucky'] as const).flatMap((as) =>
      incident[as].map(({ span }) => ({ as, ...span })),
    ),
  ])
}
