import type { World } from '../../../engine/world.ts'
import { findIncident, readTimeline } from '../../../incidents/index.ts'
import type { Millis } from '../../../kit/clock.ts'
import type { ReadIncident } from '../../../postmortems/index.ts'
import { findReading } from '../../../postmortems/index.ts'

/** An incident as it went in life: its times, as far as they are recorded, and what was written down. */
export interface AsItWas {
  title: string
  began: Millis
  noticed: Millis | null
  /** When a person was on it. */
  reached: Millis | null
  over: Millis | null
  lines: { at: Millis; what: string; text: string; knownAt: Millis }[]
  serviceIds: string[]
}

const MOST_LINES = 300

/** An incident that was handled here; null where there is none, or nobody knows when it began. */
export async function incidentAsItWas({ store }: World, incidentId: string): Promise<AsItWas | null> {
  const incident = await findIncident(store.read, incidentId)
  if (!incident) return null
  const { impactStartedAt, detectedAt, declaredAt, acknowledgedAt, resolvedAt, serviceIds, title } = incident
  const entries = await readTimeline(store.read, incidentId, { limit: MOST_LINES })
  return {
    title,
    began: impactStartedAt ?? detectedAt ?? declaredAt,
    noticed: detectedAt,
    reached: acknowledgedAt,
    over: resolvedAt,
    lines: entries.map(({ happenedAt, writtenAt, kind, text }) => ({
      at: happenedAt,
      what: kind,
      text,
      knownAt: knownAt(happenedAt, writtenAt, resolvedAt),
    })),
    serviceIds,
  }
}

/** An incident of an imported document; null where the document gives no time at which it began. */
export async function documentAsItWas({ store }: World, postmortemId: string): Promise<AsItWas | null> {
  const found = await findReading(store.read, postmortemId)
  return found ? readingAsItWas(found.reading) : null
}

function readingAsItWas({ title, timeline }: ReadIncident): AsItWas | null {
  const lines = timeline
    .flatMap(({ at, text, moment }) => {
      const when = at === null ? Number.NaN : utc(at.value)
      const said = { at: when, what: moment?.value ?? 'note', text: text.value, knownAt: when }
      return Number.isNaN(when) ? [] : [said]
    })
    .sort((a, b) => a.at - b.at)
    .slice(0, MOST_LINES)
  const first = lines[0]
  if (!first) return null
  const of = (what: string) => lines.find((line) => line.what === what)?.at ?? null
  return {
    title: title?.value ?? 'an imported incident',
    began: of('started') ?? first.at,
    noticed: of('detected'),
    reached: of('acknowledged'),
    over: of('resolved') ?? of('mitigated') ?? lines.at(-1)!.at,
    lines,
    serviceIds: [],
  }
}

// What was written while it lasted was not known before; what was written afterwards tells what had been known.
function knownAt(happenedAt: Millis, writtenAt: Millis, over: Millis | null): Millis {
  return over !== null && writtenAt > over ? happenedAt : Math.max(happenedAt, writtenAt)
}

// A document's clock is read as UTC where it does not say; what counts here is the time between its entries.
function utc(text: string): number {
  return Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`)
}
