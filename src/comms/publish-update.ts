import { z } from 'zod'
import { findService } from '../catalog/index.ts'
import { id, name, text } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { findIncidentHead, type IncidentHead, recordEntryIn } from '../incidents/index.ts'
import { notFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { listNames } from './auto-update.rules.ts'
import { impactOf } from './component-status.rules.ts'
import { updatePublished } from './facts.ts'
import {
  componentStatus,
  findPublicIncident,
  insertUpdate,
  listUpdates,
  putPublicIncident,
} from './public-page.rows.ts'
import { refreshComponent } from './refresh-components.ts'
import { requestPublication } from './request-publication.ts'
import { type AffectedComponent, type PublicIncident, UPDATE_STATUSES, type Update } from './status-page.ts'

const publishUpdateInput = z.strictObject({
  incidentId: id,
  status: z.enum(UPDATE_STATUSES),
  /** Markdown; HTML in it is shown as text. */
  body: text.min(1),
  /** The public name of the incident; made from the names of its public services without it. */
  title: name.optional(),
})
export type PublishUpdateInput = z.input<typeof publishUpdateInput>

/** Tells the public something about an incident. */
export async function publishUpdate(world: World, actor: Actor, input: PublishUpdateInput): Promise<Update> {
  authorize(actor, 'responder')
  return world.transact((tx) => publishUpdateIn(tx, world, actor, input))
}

/** Tells the public something within the caller's transaction. */
export async function publishUpdateIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: PublishUpdateInput,
  automatic = false,
): Promise<Update> {
  authorize(actor, 'responder')
  const given = parseInput(publishUpdateInput, input)
  const incident = await findIncidentHead(tx.db, given.incidentId)
  if (!incident) throw notFound('incident', given.incidentId)
  const services = await publicServicesOf(tx, incident)
  const known = await findPublicIncident(tx.db, incident.id)
  const serviceIds = [...new Set([...(known?.serviceIds ?? []), ...services.map((service) => service.id)])]
  const next: PublicIncident = {
    id: incident.id,
    title: given.title ?? known?.title ?? publicTitle(services.map((service) => service.name)),
    impact: impactOf(incident.severity),
    status: given.status,
    serviceIds,
    startedAt: known?.startedAt ?? incident.impactStartedAt ?? incident.declaredAt,
    createdAt: known?.createdAt ?? tx.now,
    updatedAt: tx.now,
    monitoringAt: given.status === 'monitoring' ? tx.now : (known?.monitoringAt ?? null),
    resolvedAt: given.status === 'resolved' ? tx.now : null,
  }
  await putPublicIncident(tx, next)
  const [last] = await listUpdates(tx.db, incident.id)
  const update: Update = {
    id: newId(tx.now),
    incidentId: incident.id,
    status: given.status,
    body: given.body,
    actor: actor.id,
    actorName: actor.name,
    automatic,
    publishedAt: tx.now,
    affected: await affected(tx, next, last?.publishedAt ?? next.startedAt - 1),
  }
  await insertUpdate(tx, update)
  const fact = await updatePublished.append(tx, world, {
    subject: update.id,
    actor,
    data: {
      updateId: update.id,
      incidentId: incident.id,
      status: update.status,
      body: update.body,
      automatic,
    },
  })
  await recordEntryIn(tx, world, actor, {
    incidentId: incident.id,
    kind: 'update',
    text: `Told the public (${update.status}): ${update.body}`,
    factSeq: fact.seq,
  })
  await requestPublication(tx, world)
  return update
}

/** The services of an incident that the public knows of. */
export async function publicServicesOf(
  tx: Tx,
  incident: IncidentHead,
): Promise<{ id: string; name: string }[]> {
  const found = []
  for (const serviceId of incident.serviceIds) {
    const service = await findService(tx.db, serviceId)
    if (service?.audience === 'public' && service.removedAt === null)
      found.push({ id: service.id, name: service.name })
  }
  return found
}

// The internal title may name hosts and people; the public one is made of public names only.
function publicTitle(names: string[]): string {
  const title = names.length > 0 ? `Problem with ${listNames(names)}` : 'Service disruption'
  return title.length > 120 ? `${title.slice(0, 119)}…` : title
}

async function affected(tx: Tx, incident: PublicIncident, before: number): Promise<AffectedComponent[]> {
  const components: AffectedComponent[] = []
  for (const serviceId of incident.serviceIds) {
    const service = await findService(tx.db, serviceId)
    const now = await refreshComponent(tx, serviceId)
    if (!service || !now) continue
    const old = (await componentStatus(tx.db, serviceId, before)) ?? 'operational'
    components.push({ code: serviceId, name: service.name, oldStatus: old, newStatus: now.status })
  }
  return components
}
