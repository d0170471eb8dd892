import type { Tx } from '../engine/world.ts'
import { newId } from '../kit/ids.ts'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { PublicIncidentsTable, PublicUpdatesTable } from '../store/schema/comms.ts'
import type { Reader } from '../store/store.ts'
import type { StatusChange } from './component-days.rules.ts'
import { STATUS_PAGE_DEFAULTS, type StatusPageConfig } from './config.ts'
import type { ComponentStatus, PublicIncident, Update } from './status-page.ts'

function readIncident(row: PublicIncidentsTable): PublicIncident {
  return {
    id: row.incident_id,
    title: row.title,
    impact: row.impact,
    status: row.status,
    serviceIds: parseJson<string[]>(row.service_ids),
    startedAt: row.started_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    monitoringAt: row.monitoring_at,
    resolvedAt: row.resolved_at,
  }
}

function readUpdate(row: PublicUpdatesTable): Update {
  return {
    id: row.id,
    incidentId: row.incident_id,
    status: row.status,
    body: row.body,
    actor: row.actor,
    actorName: row.actor_name,
    automatic: row.automatic === 1,
    publishedAt: row.published_at,
    affected: parseJson(row.affected),
  }
}

/** What the public knows of an incident; null where it knows nothing. */
export async function findPublicIncident(db: Reader, incidentId: string): Promise<PublicIncident | null> {
  const row = await db
    .selectFrom('public_incidents')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .executeTakeFirst()
  return row ? readIncident(row) : null
}

/** Public incidents: every unresolved one, and those created since. The newest first. */
export async function listPublicIncidents(db: Reader, since: number): Promise<PublicIncident[]> {
  const rows = await db
    .selectFrom('public_incidents')
    .selectAll()
    .where((eb) =>
      eb.or([eb('status', '!=', 'resolved'), eb('created_at', '>=', since), eb('updated_at', '>=', since)]),
    )
    .orderBy('created_at', 'desc')
    .orderBy('incident_id', 'desc')
    .execute()
  return rows.map(readIncident)
}

/** Unresolved public incidents. */
export async function listUnresolvedPublic(db: Reader): Promise<PublicIncident[]> {
  const rows = await db.selectFrom('public_incidents').selectAll().where('status', '!=', 'resolved').execute()
  return rows.map(readIncident)
}

export async function putPublicIncident(tx: Tx, incident: PublicIncident): Promise<void> {
  const row = {
    title: incident.title,
    impact: incident.impact,
    status: incident.status,
    service_ids: JSON.stringify(incident.serviceIds),
    started_at: incident.startedAt,
    created_at: incident.createdAt,
    updated_at: incident.updatedAt,
    monitoring_at: incident.monitoringAt,
    resolved_at: incident.resolvedAt,
  }
  await tx.db
    .insertInto('public_incidents')
    .values({ incident_id: incident.id, ...row })
    .onConflict((c) => c.column('incident_id').doUpdateSet(row))
    .execute()
}

export async function insertUpdate(tx: Tx, update: Update): Promise<void> {
  await tx.db
    .insertInto('public_updates')
    .values({
      id: update.id,
      incident_id: update.incidentId,
      status: update.status,
      body: update.body,
      actor: update.actor,
      actor_name: update.actorName,
      automatic: update.automatic ? 1 : 0,
      published_at: update.publishedAt,
      affected: canonicalJson(update.affected),
    })
    .execute()
}

/** The updates of these incidents, the newest first. */
export async function updatesOf(db: Reader, incidentIds: readonly string[]): Promise<Update[]> {
  if (incidentIds.length === 0) return []
  const rows = await db
    .selectFrom('public_updates')
    .selectAll()
    .where('incident_id', 'in', [...incidentIds])
    .orderBy('published_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(readUpdate)
}

/** The public updates of one incident, the newest first. */
export function listUpdates(db: Reader, incidentId: string): Promise<Update[]> {
  return updatesOf(db, [incidentId])
}

/** The state of a component as last recorded; null before the first. */
export async function componentStatus(
  db: Reader,
  serviceId: string,
  at = Number.MAX_SAFE_INTEGER,
): Promise<ComponentStatus | null> {
  const row = await db
    .selectFrom('component_changes')
    .select('status')
    .where('service_id', '=', serviceId)
    .where('at', '<=', at)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row?.status ?? null) as ComponentStatus | null
}

export async function insertComponentChange(
  tx: Tx,
  serviceId: string,
  status: ComponentStatus,
): Promise<void> {
  await tx.db
    .insertInto('component_changes')
    .values({ id: newId(tx.now), service_id: serviceId, status, at: tx.now })
    .execute()
}

/** Every change of a component, the oldest first. */
export async function componentChanges(db: Reader, serviceId: string): Promise<StatusChange[]> {
  const rows = await db
    .selectFrom('component_changes')
    .select(['status', 'at'])
    .where('service_id', '=', serviceId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ at: row.at, status: row.status as ComponentStatus }))
}

export async function insertSnapshot(tx: Tx, id: string, instance: string): Promise<void> {
  await tx.db.insertInto('page_snapshots').values({ id, published_at: tx.now, instance }).execute()
}

/** The newest publication, or null. */
export async function latestSnapshot(
  db: Reader,
): Promise<{ id: string; publishedAt: number; instance: string } | null> {
  const row = await db
    .selectFrom('page_snapshots')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { id: row.id, publishedAt: row.published_at, instance: row.instance } : null
}

/** The settings in force. */
export async function readStatusPageSettings(db: Reader): Promise<StatusPageConfig> {
  const row = await db
    .selectFrom('status_page_settings')
    .select('value')
    .where('id', '=', 'status-page')
    .executeTakeFirst()
  return row ? parseJson<StatusPageConfig>(row.value) : STATUS_PAGE_DEFAULTS
}

export async function writeStatusPageSettings(tx: Tx, settings: StatusPageConfig): Promise<void> {
  const value = canonicalJson(settings)
  await tx.db
    .insertInto('status_page_settings')
    .values({ id: 'status-page', value })
    .onConflict((c) => c.column('id').doUpdateSet({ value }))
    .execute()
}
