import * as contract from '../contract/incidents.ts'
import {
  addNote,
  assignRole,
  changeIncident,
  findIncident,
  type Incident,
  incidentTimes,
  listIncidents,
  openIncident,
  readTimeline,
  type TimelineEntry,
} from '../incidents/index.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { postmortemIdsOf } from '../postmortems/index.ts'
import type { Reader } from '../store/store.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, millisOr, pageOf, staleCursor } from './presenting.ts'

/** Incidents, their roles and timelines. */
export const incidentsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  const view = (incident: Incident) => incidentView(db, incident)
  const find = async (id: string) => (await findIncident(db, id)) ?? raise(id)

  bind(contract.listIncidents, async ({ query }) => {
    const { cursor, limit, state } = query
    const incidents = await listIncidents(db, { state, before: cursor, limit: limit + 1 })
    const { items, next } = pageOf(
      incidents,
      limit,
      (incident) => incident,
      (incident) => incident.id,
    )
    return { items: await Promise.all(items.map(view)), next }
  })
  bind(contract.readIncident, async ({ params }) => view(await find(params.id)))
  bind(contract.openIncident, async ({ actor, body }) =>
    view(await openIncident(world, actor, { ...body, impactStart: millisOr(body.impactStart) })),
  )
  bind(contract.changeIncident, async ({ actor, params, body }) =>
    view(
      await changeIncident(world, actor, {
        ...body,
        incidentId: params.id,
        impactStart: millisOr(body.impactStart),
        mitigatedAt: millisOr(body.mitigatedAt),
      }),
    ),
  )
  bind(contract.assignRole, async ({ actor, params, body }) =>
    view(
      await assignRole(world, actor, { incidentId: params.id, role: params.role, personId: body.personId }),
    ),
  )
  bind(contract.readTimeline, async ({ params, query }) => {
    await find(params.id)
    const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
    const entries = await readTimeline(db, params.id, { limit: query.limit + 1, after })
    return pageOf(entries, query.limit, entryView, (entry) => `${entry.happenedAt}~${entry.id}`)
  })
  bind(contract.addNote, async ({ actor, params, body }) =>
    entryView(
      await addNote(world, actor, {
        incidentId: params.id,
        text: body.text,
        ...(body.happenedAt === undefined ? {} : { happenedAt: millis(body.happenedAt) }),
        ...(body.corrects === undefined ? {} : { corrects: body.corrects }),
      }),
    ),
  )
}

function raise(id: string): never {
  throw notFound('incident', id)
}

function readCursor(cursor: string): { happenedAt: number; id: string } {
  const [, at, id] = /^(\d{1,15})~(.+)$/.exec(cursor) ?? []
  if (at === undefined || id === undefined) throw staleCursor()
  return { happenedAt: Number(at), id }
}

/** An incident as the API shows it, with its times and what was computed from them. */
export async function incidentView(db: Reader, incident: Incident): Promise<contract.Incident> {
  const { times, metrics } = incidentTimes(incident)
  const commander = incident.roles.find(({ role }) => role === 'commander')
  return {
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    state: incident.state,
    reason: incident.reason,
    since: iso(incident.since),
    declaredAt: iso(incident.declaredAt),
    serviceIds: incident.serviceIds,
    alertIds: incident.alerts.map((alert) => alert.alertId),
    commander: commander ? { personId: commander.personId, name: commander.name } : null,
    roles: incident.roles.map(({ role, personId, name }) => ({ role, personId, name })),
    detection: incident.detection,
    reopened: incident.reopened,
    postmortemId: (await postmortemIdsOf(db, [incident.id])).get(incident.id) ?? null,
    times: times.map(({ name, at }) => ({ name, at: isoOrNull(at) })),
    metrics: metrics.map(({ name, ms, formula, status }) => ({ name, ms, formula, status })),
  }
}

function entryView(entry: TimelineEntry): contract.TimelineEntry {
  return {
    id: entry.id,
    incidentId: entry.incidentId,
    kind: entry.kind,
    text: entry.text,
    actor: entry.actorName,
    happenedAt: iso(entry.happenedAt),
    writtenAt: iso(entry.writtenAt),
    corrects: entry.corrects,
  }
}
