/**
 * Live pieces of a post-mortem: fenced blocks with the language `tocsin`, such as
 *
 *     ```tocsin plot
 *     monitor: docs-front
 *     ```
 *
 * They are parsed here alone, so that the page, the preview and the exports agree on what a block says.
 */
import { z } from 'zod'
import { incidentMetric, incidentTime } from './incidents.ts'
import { actionState, actionType } from './postmortems.ts'
import { byId, instant, route } from './route.ts'

export const LIVE_PIECES = ['timeline', 'times', 'plot', 'graph', 'actions'] as const
export type LivePieceKind = (typeof LIVE_PIECES)[number]

export const METRICS = ['TTD', 'TTA', 'TTM', 'TTR'] as const

/** What a block asks for; null where it leaves the choice to us. */
export type LivePiece =
  | { kind: 'timeline'; kinds: string[] | null; from: string | null; to: string | null }
  | { kind: 'times'; only: string[] | null }
  | { kind: 'plot'; monitor: string; from: string | null; to: string | null }
  | { kind: 'graph'; services: string[] | null }
  | { kind: 'actions'; states: string[] | null }

/** A block as it was understood, or what is wrong with it. */
export type ParsedPiece = { piece: LivePiece } | { problem: string }

const SETTINGS: Record<LivePieceKind, readonly string[]> = {
  timeline: ['kinds', 'from', 'to'],
  times: ['only'],
  plot: ['monitor', 'from', 'to'],
  graph: ['services'],
  actions: ['states'],
}

const isPiece = (word: string): word is LivePieceKind => (LIVE_PIECES as readonly string[]).includes(word)

/** Reads one block: `info` is what stands after `tocsin` on its first line, `text` its lines. */
export function parsePiece(info: string, text: string): ParsedPiece {
  const [kind = '', ...rest] = info.trim().split(/\s+/)
  const all = LIVE_PIECES.join(', ')
  if (kind === '') return { problem: `Say which piece: \`tocsin timeline\`, for instance. There are ${all}.` }
  if (!isPiece(kind)) return { problem: `There is no piece "${kind}". There are ${all}.` }
  if (rest.length > 0)
    return {
      problem: `"${rest.join(' ')}" does not belong beside "${kind}": settings stand on lines of their own.`,
    }
  const given: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue
    const [, key, value] = /^([\w-]+)\s*:\s*(.*)$/.exec(line.trim()) ?? []
    if (key === undefined) return { problem: `"${line.trim()}" is not a setting: write \`name: value\`.` }
    if (!SETTINGS[kind].includes(key))
      return { problem: `A piece "${kind}" has no setting "${key}"; it takes ${SETTINGS[kind].join(', ')}.` }
    if (Object.hasOwn(given, key)) return { problem: `"${key}" is set twice.` }
    if (value === '') return { problem: `"${key}" is empty.` }
    given[key] = value!
  }
  return understand(kind, given)
}

function understand(kind: LivePieceKind, given: Record<string, string>): ParsedPiece {
  const span: { from: string | null; to: string | null } = { from: null, to: null }
  for (const end of ['from', 'to'] as const) {
    const text = given[end]
    if (text === undefined) continue
    span[end] = parseWhen(text)
    if (span[end] === null)
      return { problem: `"${end}: ${text}" is not a time in UTC; write it like 2026-01-31 14:05.` }
  }
  if (span.from && span.to && span.from >= span.to) return { problem: '"from" does not lie before "to".' }
  const list = (key: string) => given[key]?.split(/\s*,\s*/).filter((one) => one !== '') ?? null
  const strange = (key: string, known: readonly string[]) => list(key)?.find((one) => !known.includes(one))
  if (kind === 'timeline') return { piece: { kind, kinds: list('kinds'), ...span } }
  if (kind === 'graph') return { piece: { kind, services: list('services') } }
  if (kind === 'times') {
    const other = strange('only', METRICS)
    if (other) return { problem: `There is no time "${other}". There are ${METRICS.join(', ')}.` }
    return { piece: { kind, only: list('only') } }
  }
  if (kind === 'actions') {
    const other = strange('states', actionState.options)
    if (other) return { problem: `No action is "${other}". They are ${actionState.options.join(', ')}.` }
    return { piece: { kind, states: list('states') } }
  }
  const { monitor } = given
  if (monitor === undefined) return { problem: 'Say of which monitor: `monitor: docs-front`, for instance.' }
  return { piece: { kind, monitor, ...span } }
}

/** `2026-01-31 14:05` in UTC as RFC 3339, or null. */
function parseWhen(text: string): string | null {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:Z| ?UTC)?$/.exec(text) ?? []
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${clock}Z`)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

/** A block in a text: its lines, counted from 0, `to` being the first after it. */
export type PlacedPiece = ParsedPiece & { from: number; to: number }

/** Every live block of a Markdown text, in order. */
export function findPieces(markdown: string): PlacedPiece[] {
  const lines = markdown.split(/\r?\n/)
  const pieces: PlacedPiece[] = []
  for (let i = 0; i < lines.length; i++) {
    const [all, indent, fence] = /^( {0,3})(`{3,}|~{3,})/.exec(lines[i]!) ?? []
    if (all === undefined || fence === undefined) continue
    const info = lines[i]!.slice(all.length).trim()
    if (fence.startsWith('`') && info.includes('`')) continue
    const from = i
    const end = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}[ \\t]*$`)
    do i++
    while (i < lines.length && !end.test(lines[i]!))
    const [word = '', ...rest] = info.split(/\s+/)
    if (word.toLowerCase() !== 'tocsin') continue
    const text = lines.slice(from + 1, i).map((line) => line.slice(Math.min(indent!.length, line.length)))
    pieces.push({ ...parsePiece(rest.join(' '), text.join('\n')), from, to: Math.min(i + 1, lines.length) })
  }
  return pieces
}

export const serviceGraph = z.object({
  /** Those that the incident is about. */
  hit: z.array(z.string()),
  services: z.array(z.object({ id: z.string(), name: z.string() })),
  edges: z.array(z.object({ serviceId: z.string(), dependsOn: z.string() })),
})
export type ServiceGraph = z.infer<typeof serviceGraph>

/** What live pieces are made of, but for plots: those are histories of monitors. */
export const liveFacts = z.object({
  /** The time of the incident with some time around it; null where it is not known. */
  window: z.object({ from: instant, to: instant }).nullable(),
  times: z.array(incidentTime),
  metrics: z.array(incidentMetric),
  timeline: z.array(
    z.object({
      /** RFC 3339, or as an imported document has it; null where it gives none. */
      at: z.string().nullable(),
      text: z.string(),
      kind: z.string(),
      actor: z.string().nullable(),
      corrected: z.boolean(),
    }),
  ),
  graph: serviceGraph,
  actions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      type: actionType,
      owner: z.string().nullable(),
      dueAt: instant.nullable(),
      criterion: z.string(),
      state: actionState,
    }),
  ),
})
export type LiveFacts = z.infer<typeof liveFacts>

export const readLiveFacts = route({
  id: 'readLiveFacts',
  method: 'GET',
  path: '/api/v1/postmortems/:id/live',
  summary: 'What the live pieces of a post-mortem are made of',
  room: 'postmortems',
  access: 'viewer',
  params: byId,
  answer: liveFacts,
})

/** Part of a service graph: how far each service stands from those that were hit; negative is what they stand on. */
export interface Spread {
  id: string
  name: string
  distance: number
}

/** The services around some: all who depend on them, step by step, and what they depend on themselves. */
export function spreadOf(graph: ServiceGraph, centre: readonly string[]): Spread[] {
  const names = new Map(graph.services.map(({ id, name }) => [id, name]))
  const distances = new Map(centre.filter((id) => names.has(id)).map((id) => [id, 0]))
  const queue = [...distances.keys()]
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    for (const { serviceId, dependsOn } of graph.edges) {
      if (dependsOn !== next || distances.has(serviceId) || !names.has(serviceId)) continue
      distances.set(serviceId, distances.get(next)! + 1)
      queue.push(serviceId)
    }
  for (const { serviceId, dependsOn } of graph.edges)
    if (distances.get(serviceId) === 0 && !distances.has(dependsOn) && names.has(dependsOn))
      distances.set(dependsOn, -1)
  return [...distances]
    .map(([id, distance]) => ({ id, name: names.get(id)!, distance }))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name, 'en'))
}

/** Entries of the timeline that a piece asks for. */
export function entriesOf(piece: LivePiece & { kind: 'timeline' }, facts: LiveFacts): LiveFacts['timeline'] {
  const from = piece.from === null ? null : Date.parse(piece.from)
  const to = piece.to === null ? null : Date.parse(piece.to)
  return facts.timeline.filter(({ at, kind }) => {
    if (piece.kinds && !piece.kinds.includes(kind)) return false
    if (from === null && to === null) return true
    const when = at === null ? Number.NaN : Date.parse(at)
    return (from === null || when >= from) && (to === null || when <= to)
  })
}
