import { createHash } from 'node:crypto'
import { listServices } from '../catalog/index.ts'
import { DAY } from '../kit/duration.ts'
import type { Reader } from '../store/store.ts'
import { componentDays } from './component-days.rules.ts'
import { decideOverall } from './component-status.rules.ts'
import { plannedWork } from './planned-work.ts'
import { standingDocuments } from './public-documents.rows.ts'
import {
  componentChanges,
  listPublicIncidents,
  readStatusPageSettings,
  updatesOf,
} from './public-page.rows.ts'
import { BAR_DAYS, type Component, type PageIncident, type PageSnapshot } from './status-page.ts'

/** Reads from the store what the public may see; the only way from the store to the page. */
export async function readSnapshot(
  db: Reader,
  at: { id: string; now: number; publicUrl: string },
): Promise<PageSnapshot> {
  const settings = await readStatusPageSettings(db)
  const url = settings.url ?? `${at.publicUrl}/status`
  const services = (await listServices(db)).filter(({ audience }) => audience === 'public')
  const isPublic = new Set(services.map((service) => service.id))
  const components: Component[] = []
  for (const [i, service] of services.entries()) {
    const changes = await componentChanges(db, service.id)
    components.push({
      id: service.id,
      name: service.name,
      description: service.description,
      status: changes.at(-1)?.status ?? 'operational',
      createdAt: changes[0]?.at ?? at.now,
      updatedAt: changes.at(-1)?.at ?? at.now,
      position: i + 1,
      ...componentDays(changes, at.now, BAR_DAYS),
    })
  }
  const found = await listPublicIncidents(db, at.now - BAR_DAYS * DAY)
  const updates = Map.groupBy(
    await updatesOf(
      db,
      found.map((incident) => incident.id),
    ),
    (update) => update.incidentId,
  )
  const documents = await standingDocuments(
    db,
    found.map((incident) => incident.id),
  )
  const incidents = found.map(
    (incident): PageIncident => ({
      ...incident,
      serviceIds: incident.serviceIds.filter((id) => isPublic.has(id)),
      // Named one by one: who wrote an update is not for the public.
      updates: (updates.get(incident.id) ?? []).map(({ id, status, body, publishedAt, affected }) => ({
        id,
        status,
        body,
        publishedAt,
        affected: affected.filter(({ code }) => isPublic.has(code)),
      })),
      document: documents.get(incident.id) ?? null,
    }),
  )
  return {
    id: at.id,
    generatedAt: at.now,
    page: {
      // Stable for one page, so that readers of the JSON know it again.
      id: createHash('sha256').update(url).digest('hex').slice(0, 12),
      name: settings.name,
      description: settings.description,
      url,
    },
    overall: decideOverall(
      components.map(({ status }) => status),
      incidents.filter(({ status }) => status !== 'resolved'),
    ),
    components,
    incidents,
    maintenances: (await plannedWork(db, at.now)).map((work) => ({
      ...work,
      serviceIds: work.serviceIds.filter((id) => isPublic.has(id)),
    })),
  }
}
