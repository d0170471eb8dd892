import type {
  ImportedIncident,
  ImportFinding,
  ImportProposals,
} from '../../../../src/contract/postmortem-imports.ts'
import { labelOf, type Topic } from './topics.ts'

/** A piece of the source, end exclusive. */
export interface Place {
  from: number
  to: number
}

/** One thing that was read, with its place in the source. */
export interface Value {
  /** Its number among all of the document. */
  id: number
  topic: Topic
  text: string
  from: number
  to: number
  /** The parts between which other text stands; most values have one. */
  places: Place[]
  /** 0 to 1; null where nobody guesses. */
  confidence: number | null
  /** A person should look at it: it is unsure, or a finding casts doubt on it. */
  doubt: boolean
}

/** Values that belong together: an entry and its time, an action and its owner. */
export type Row = Value[]

/** A part of the result. */
export interface Group {
  key: string
  title: string
  rows: Row[]
}

export interface ReadValues {
  incidents: {
    title: string
    groups: Group[]
    /** Titles of groups of which the document says nothing. */
    missing: string[]
  }[]
  findings: Group
  proposals: Value[]
  /** All of them; the number of a value is its place in here. */
  all: Value[]
}

const MOMENTS = [
  ['started', 'Impact began'],
  ['detected', 'Detected'],
  ['acknowledged', 'Acknowledged'],
  ['communicated', 'Communicated'],
  ['mitigated', 'Mitigated'],
  ['resolved', 'Resolved'],
] as const
const SECTIONS = [
  ['summary', 'Summary'],
  ['impact', 'Impact'],
  ['trigger', 'Trigger'],
  ['rootCause', 'Root cause'],
  ['contributing', 'Contributing factors'],
  ['detection', 'Detection'],
  ['resolution', 'Resolution'],
] as const
const LISTS = [
  ['wentWell', 'What went well'],
  ['wentWrong', 'What went wrong'],
  ['lucky', 'Where they got lucky'],
] as const
const STATUS = { done: 'done', in_progress: 'in progress', open: 'open' } as const

type Found = { value: string; span: Place; confidence: number; places?: Place[] | undefined }

/** `2026-01-31T14:05Z` as `2026-01-31 14:05 UTC`. */
export function sayTime(iso: string): string {
  return iso
    .replace('T', ' ')
    .replace(/Z$/, ' UTC')
    .replace(/([+-]\d\d:\d\d)$/, ' UTC$1')
}

/** Everything that was read, in the order in which a post-mortem tells it. */
export function valuesOf(
  incidents: readonly ImportedIncident[],
  findings: readonly ImportFinding[],
  source: string,
  proposed: ImportProposals['items'] = [],
): ReadValues {
  const all: Value[] = []
  const add = (topic: Topic, found: Found | null | undefined, text = found?.value ?? ''): Value[] => {
    if (!found) return []
    const { confidence, span } = found
    const places = joined(found.places ?? [span], source)
    const value = { id: all.length, topic, text, ...span, places, confidence, doubt: confidence < UNSURE }
    all.push(value)
    return [value]
  }
  const rows = (...list: Row[]) => list.filter((row) => row.length > 0)
  const group = (key: string, title: string, list: Row[]): Group => ({ key, title, rows: list })
  const read = incidents.map((incident) => {
    const groups = [
      group('title', 'Title', rows(add('title', incident.title))),
      ...(incident.severity ? [group('severity', 'Severity', rows(add('severity', incident.severity)))] : []),
      group('times', 'Times', momentsOf(incident, add)),
      ...SECTIONS.map(([kind, title]) => group(kind, title, rows(add(kind, incident.sections[kind])))),
      group(
        'timeline',
        'Timeline',
        incident.timeline.map(({ at, end, approx, text }) => [
          ...add('time', at, at ? `${approx ? '~' : ''}${sayTime(at.value)}` : ''),
          ...add('time', end, end ? `– ${sayTime(end.value)}` : ''),
          ...add('entry', text),
        ]),
      ),
      ...LISTS.map(([kind, title]) =>
        group(kind, title, rows(...incident[kind].map((item) => add(kind, item)))),
      ),
      group(
        'actions',
        'Actions',
        incident.actions.map((action) => actionRow(action, add)),
      ),
      group('lessons', 'Lessons', rows(add('lessons', incident.sections.lessons))),
      group('references', 'References', rows(...incident.references.map((one) => add('reference', one)))),
    ]
    return {
      title: incident.title?.value ?? 'Without a title',
      groups: groups.filter(({ rows }) => rows.length > 0),
      missing: groups.filter(({ rows }) => rows.length === 0).map(({ title }) => title),
    }
  })
  const put = (topic: Topic, text: string, span: Place, doubt: boolean): Value => {
    const value = { id: all.length, topic, text, ...span, places: [span], confidence: null, doubt }
    all.push(value)
    return value
  }
  const found = findings
    .toSorted((a, b) => Number(isDoubt(b)) - Number(isDoubt(a)))
    .map((finding): Row => {
      const { message, span, incident } = finding
      const which = incidents.length > 1 && incident !== null ? `Incident ${incident + 1}: ` : ''
      return [put('finding', which + message, span ?? { from: 0, to: 0 }, isDoubt(finding))]
    })
  const proposals = proposed.map(({ from, to, as }) =>
    put('proposal', `${labelOf(as)}: ${source.slice(from, to)}`, { from, to }, false),
  )
  return { incidents: read, findings: group('findings', 'Findings', found), proposals, all }
}

/** Places as one where nothing stands between them but white space and markup. */
function joined(places: readonly Place[], source: string): Place[] {
  const apart: Place[] = []
  for (const place of places) {
    const last = apart.at(-1)
    if (last && !/[\p{L}\p{N}]/u.test(source.slice(last.to, place.from)))
      apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, place.to) }
    else apart.push(place)
  }
  return apart
}

type Add = (topic: Topic, found: Found | null | undefined, text?: string) => Value[]

/** The times of the incident's life, as entries of its timeline say them. */
function momentsOf({ timeline }: ImportedIncident, add: Add): Row[] {
  return MOMENTS.flatMap(([moment, label]) => {
    const entry = timeline.find((one) => one.moment?.value === moment)
    if (!entry?.at) return []
    // How sure the time itself is stands at the entry; which moment it is nobody else depends on.
    const { confidence } = entry.moment!
    const [value] = add('time', { ...entry.at, confidence }, `${label} ${sayTime(entry.at.value)}`)
    value!.doubt = false
    return [[value!]]
  })
}

function actionRow(
  { text, status, owner, due, tickets }: ImportedIncident['actions'][number],
  add: Add,
): Row {
  return [
    ...add('action', text),
    ...add('status', status, status ? STATUS[status.value] : ''),
    ...add('owner', owner, owner ? `owner ${owner.value}` : ''),
    ...add('due', due, due ? `due ${due.value}` : ''),
    ...tickets.flatMap((ticket) => add('ticket', ticket)),
  ]
}

/** Findings of which the reading itself may be wrong; the others say what the document leaves out. */
const DOUBTS = new Set([
  'nothing-found',
  'no-title',
  'time-out-of-order',
  'time-without-date',
  'date-guessed',
  'date-without-year',
  'date-ambiguous',
  'zone-against-daylight-saving',
  'contradiction',
  'template-text',
  'encoding',
  'cut-short',
])

/** Whether a finding asks the reviewer to look at the reading. */
export const isDoubt = ({ code }: Pick<ImportFinding, 'code'>) => DOUBTS.has(code)

/** What is so unsure that a person should look. */
export const UNSURE = 0.7

const NEAR = 300

/** What is chosen with a value: of an entry or an action what stands around it too, its time or its owner. */
export function chosenWith(value: Value, row: Row): Place[] {
  const main = row.find(({ topic }) => topic === 'entry' || topic === 'action')
  if (!main) return value.places
  const near = row.filter(({ from, to }) => to > main.from - NEAR && from < main.to + NEAR)
  if (!near.includes(value)) return value.places
  return [{ from: Math.min(...near.map(({ from }) => from)), to: Math.max(...near.map(({ to }) => to)) }]
}

/** What the reader is told of a confidence: nothing while it is high. */
export function sayConfidence(confidence: number | null): string | null {
  if (confidence === null || confidence >= 0.85) return null
  const percent = `${Math.round(confidence * 100)} %`
  return confidence < UNSURE ? `unsure, ${percent}` : percent
}

/** The values that were not there before: same topic, same words. */
export function freshValues(now: readonly Value[], before: readonly Value[] | null): Set<number> {
  if (before === null) return new Set()
  const known = new Set(before.map(({ topic, text }) => `${topic} ${text}`))
  return new Set(
    now
      .filter(
        ({ topic, text }) => topic !== 'finding' && topic !== 'proposal' && !known.has(`${topic} ${text}`),
      )
      .map(({ id }) => id),
  )
}
