import { findPerson, listDependencies, listServices } from '../../catalog/index.ts'
import { findPieces, type LiveFacts } from '../../contract/live-pieces.ts'
import type { World } from '../../engine/world.ts'
import { findIncident, type Incident, incidentTimes, readTimeline } from '../../incidents/index.ts'
import { iso, isoOrNull } from '../../kit/clock.ts'
import { MINUTE } from '../../kit/duration.ts'
import { findMonitor, type HistoryPoint, readHistory, resolutionFor } from '../../monitors/index.ts'
import type { Reader } from '../../store/store.ts'
import { findReading } from '../import/sources.rows.ts'
import type { Postmortem } from '../postmortem.ts'
import { listActions } from '../postmortems.rows.ts'
import type { LiveData, LivePlot, LiveStretch } from './live-data.ts'

/** How much is shown on both sides of an incident. */
const AROUND = 30 * MINUTE

/** What live pieces show, but for plots. */
export async function readLiveFacts(
  world: World,
  postmortem: Pick<Postmortem, 'id' | 'incidentId'>,
): Promise<LiveFacts> {
  const db = world.store.read
  const incident = postmortem.incidentId ? await findIncident(db, postmortem.incidentId) : null
  const times = incident ? incidentTimes(incident) : null
  const services = await listServices(db)
  return {
    window: incident && windowOf(incident, world.clock.now()),
    times: times?.times.map(({ name, at }) => ({ name, at: isoOrNull(at) })) ?? [],
    metrics: times?.metrics.map(({ name, ms, formula, status }) => ({ name, ms, formula, status })) ?? [],
    timeline: incident ? await timelineOf(db, incident.id) : await importedTimeline(db, postmortem.id),
    graph: {
      hit: incident?.serviceIds ?? [],
      services: services.map(({ id, name }) => ({ id, name })),
      edges: await listDependencies(db),
    },
    actions: await actionsOf(db, postmortem.id),
  }
}

/** The same, with the plots that this text asks for. */
export async function readLiveData(
  world: World,
  postmortem: Pick<Postmortem, 'id' | 'incidentId' | 'body'>,
): Promise<LiveData> {
  const facts = await readLiveFacts(world, postmortem)
  const plots: LiveData['plots'] = {}
  for (const [number, found] of findPieces(postmortem.body).entries()) {
    if (!('piece' in found) || found.piece.kind !== 'plot') continue
    const { monitor, from, to } = found.piece
    const window = { from: from ?? facts.window?.from, to: to ?? facts.window?.to }
    const known = await findMonitor(world.store.read, monitor)
    if (!known) plots[number] = null
    else if (window.from && window.to)
      plots[number] = await plotOf(world, known, Date.parse(window.from), Date.parse(window.to))
  }
  return { ...facts, plots }
}

function windowOf(incident: Incident, now: number): { from: string; to: string } {
  const first = Math.min(
    ...[incident.impactStartedAt, incident.detectedAt, incident.declaredAt].filter((at) => at !== null),
  )
  const last = incident.resolvedAt ?? incident.closedAt ?? now
  return { from: iso(first - AROUND), to: iso(Math.max(Math.min(last + AROUND, now), first + MINUTE)) }
}

async function timelineOf(db: Reader, incidentId: string): Promise<LiveFacts['timeline']> {
  const entries = await readTimeline(db, incidentId)
  const corrected = new Set(entries.map(({ corrects }) => corrects))
  return entries.map(({ id, happenedAt, text, kind, actorName }) => ({
    at: iso(happenedAt),
    text,
    kind,
    actor: actorName,
    corrected: corrected.has(id),
  }))
}

/** An incident from before Tocsin has the entries of its document. */
async function importedTimeline(db: Reader, postmortemId: string): Promise<LiveFacts['timeline']> {
  const found = await findReading(db, postmortemId)
  return (found?.reading.timeline ?? []).map(({ at, text, moment }) => ({
    at: at?.value ?? null,
    text: text.value,
    kind: moment?.value ?? 'entry',
    actor: null,
    corrected: false,
  }))
}

async function actionsOf(db: Reader, postmortemId: string): Promise<LiveFacts['actions']> {
  const actions = (await listActions(db, { postmortemId, limit: 1_000 })).reverse()
  const owners = new Map<string, string>()
  for (const owner of new Set(actions.map((action) => action.owner)))
    if (owner) owners.set(owner, (await findPerson(db, owner))?.name ?? owner)
  return actions.map(({ id, title, type, owner, dueAt, criterion, state }) => ({
    ...{ id, title, type, criterion, state },
    owner: owner === null ? null : owners.get(owner)!,
    dueAt: isoOrNull(dueAt),
  }))
}

async function plotOf(
  world: World,
  monitor: { id: string; name: string },
  from: number,
  to: number,
): Promise<LivePlot> {
  const plot = { monitor: monitor.id, name: monitor.name, from, to }
  if (from >= to) return { ...plot, stretches: [] }
  const points = await readHistory(world, monitor.id, from, to, resolutionFor(from, to))
  return { ...plot, stretches: stretchesOf(points, from, to) }
}

/** Neighbouring buckets of one state as one stretch; a bucket counts as the worst that happened in it. */
export function stretchesOf(points: readonly HistoryPoint[], from: number, to: number): LiveStretch[] {
  const stretches: LiveStretch[] = []
  for (const [i, point] of points.entries()) {
    const state = worstOf(point)
    const begin = Math.max(point.at, from)
    const end = Math.min(points[i + 1]?.at ?? begin + observed(point), to)
    if (state === null || end <= begin) continue
    const last = stretches.at(-1)
    const slowest = point.tookMaxMs ?? point.tookMs
    if (last?.state === state && last.to === begin) {
      last.to = end
      if (slowest !== null) last.slowest = Math.max(last.slowest ?? 0, slowest)
    } else stretches.push({ from: begin, to: end, state, slowest })
  }
  return stretches
}

const observed = ({ upMs, degradedMs, downMs, unknownMs, maintenanceMs }: HistoryPoint) =>
  upMs + degradedMs + downMs + unknownMs + maintenanceMs

function worstOf(point: HistoryPoint): LiveStretch['state'] | null {
  if (point.downMs > 0) return 'down'
  if (point.unknownMs > 0) return 'unknown'
  if (point.degradedMs > 0) return 'degraded'
  if (point.maintenanceMs > 0) return 'maintenance'
  return point.upMs > 0 ? 'up' : null
}
