import {
  entriesOf,
  findPieces,
  type LivePiece,
  type LivePieceKind,
  spreadOf,
} from '../../contract/live-pieces.ts'
import { formatDuration } from '../../kit/duration.ts'
import { plainLine } from '../sections.rules.ts'
import type { LiveData, LivePlot } from './live-data.ts'

/** Whether a text has a live piece of this kind that can be shown. */
export function hasPiece(body: string, kind: LivePieceKind): boolean {
  return findPieces(body).some((found) => 'piece' in found && found.piece.kind === kind)
}

/** The text with every live piece as Markdown that any reader shows; a wrong one says at its place what is wrong. */
export function renderLivePieces(body: string, data: LiveData): string {
  const pieces = findPieces(body)
  if (pieces.length === 0) return body
  const lines = body.split(/\r?\n/)
  const out: string[] = []
  let next = 0
  for (const [number, found] of pieces.entries()) {
    out.push(...lines.slice(next, found.from))
    if (out.length > 0 && out.at(-1) !== '') out.push('')
    out.push(...('problem' in found ? refusal(found.problem) : render(found.piece, data, number)))
    next = found.to
    if (lines[next] !== undefined && lines[next] !== '') out.push('')
  }
  return [...out, ...lines.slice(next)].join('\n')
}

const refusal = (why: string) => [`> **This live piece cannot be shown.** ${why}`]

/** `2026-01-31 14:05 UTC`, with seconds where there are some; what is no instant stays as it is. */
export function sayUtc(at: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d.*Z$/.test(at)) return plainLine(at)
  const text = new Date(at).toISOString().slice(0, 19).replace('T', ' ').replace(/:00$/, '')
  return `${text} UTC`
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const table = (heads: readonly string[], rows: readonly (readonly string[])[]) => [
  row(heads),
  row(heads.map(() => '---')),
  ...rows.map(row),
]

function render(piece: LivePiece, data: LiveData, number: number): string[] {
  switch (piece.kind) {
    case 'timeline':
      return timeline(piece, data)
    case 'times':
      return times(piece, data)
    case 'plot':
      return plot(piece, data, data.plots[number])
    case 'graph':
      return graph(piece, data)
    case 'actions':
      return actions(piece, data)
  }
}

function timeline(piece: LivePiece & { kind: 'timeline' }, data: LiveData): string[] {
  const entries = entriesOf(piece, data)
  if (entries.length === 0)
    return [data.timeline.length === 0 ? '_No entry was recorded._' : '_No entry is of this kind and time._']
  return table(
    ['When', 'What', 'Who'],
    entries.map(({ at, text, actor, corrected }) => [
      at === null ? 'no time' : sayUtc(at),
      corrected ? `~~${plainLine(text)}~~` : plainLine(text),
      plainLine(actor ?? ''),
    ]),
  )
}

function times(piece: LivePiece & { kind: 'times' }, data: LiveData): string[] {
  if (data.times.length === 0) return refusal('No incident belongs to this post-mortem, so it has no times.')
  const metrics = data.metrics.filter(({ name }) => piece.only === null || piece.only.includes(name))
  return [
    ...(piece.only
      ? []
      : [
          ...table(
            ['Time', 'At'],
            data.times.map(({ name, at }) => [name, at === null ? 'not recorded' : sayUtc(at)]),
          ),
          '',
        ]),
    ...table(
      ['Duration', 'Lasted', 'Formula'],
      metrics.map(({ name, ms, status, formula }) => [
        name,
        ms === null
          ? status === 'invalid'
            ? 'the times contradict each other'
            : status
          : formatDuration(ms),
        formula,
      ]),
    ),
  ]
}

function plot(
  piece: LivePiece & { kind: 'plot' },
  data: LiveData,
  found: LivePlot | null | undefined,
): string[] {
  if (found === null) return refusal(`There is no monitor "${plainLine(piece.monitor)}".`)
  if (found === undefined || (data.window === null && !(piece.from && piece.to)))
    return refusal('When the incident was is not known: set `from` and `to`.')
  const said = (at: number) => sayUtc(new Date(at).toISOString())
  const head = `**${plainLine(found.name)}**, ${said(found.from)} to ${said(found.to)}`
  if (found.stretches.length === 0) return [`${head}: nothing was observed.`]
  return [
    `${head}:`,
    '',
    ...table(
      ['From', 'To', 'Lasted', 'It was', 'Slowest answer'],
      found.stretches.map(({ from, to, state, slowest }) => [
        said(from),
        said(to),
        formatDuration(to - from),
        state,
        slowest === null ? 'not measured' : `${Math.round(slowest)} ms`,
      ]),
    ),
  ]
}

const HOPS = ['hit', 'directly', 'over one other']

function graph(piece: LivePiece & { kind: 'graph' }, data: LiveData): string[] {
  const centre = piece.services ?? data.graph.hit
  const known = new Set(data.graph.services.map(({ id }) => id))
  const strange = centre.find((id) => !known.has(id))
  if (strange !== undefined) return refusal(`There is no service "${plainLine(strange)}".`)
  if (centre.length === 0) return refusal('No service is named: set `services`.')
  const spread = spreadOf(data.graph, centre)
  const names = new Map(spread.map(({ id, name }) => [id, plainLine(name)]))
  return table(
    ['Service', 'Stands on', 'Was reached'],
    spread.map(({ id, name, distance }) => [
      plainLine(name),
      data.graph.edges
        .filter(({ serviceId, dependsOn }) => serviceId === id && names.has(dependsOn))
        .map(({ dependsOn }) => names.get(dependsOn)!)
        .join(', '),
      distance < 0 ? 'stands below' : (HOPS[distance] ?? `over ${distance - 1} others`),
    ]),
  )
}

function actions(piece: LivePiece & { kind: 'actions' }, data: LiveData): string[] {
  const found = data.actions.filter(({ state }) => piece.states === null || piece.states.includes(state))
  if (found.length === 0)
    return [data.actions.length === 0 ? '_No action was written down._' : '_No action is in such a state._']
  return table(
    ['Action', 'Type', 'Owner', 'Due', 'Shown by', 'State'],
    found.map(({ title, type, owner, dueAt, criterion, state }) => [
      plainLine(title),
      type,
      plainLine(owner ?? 'nobody'),
      dueAt?.slice(0, 10) ?? '',
      plainLine(criterion),
      state,
    ]),
  )
}
