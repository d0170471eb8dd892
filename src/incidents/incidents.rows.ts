import { sql } from 'kysely'
import type { Tx } from '../engine/world.ts'
import type { IncidentsTable } from '../store/schema/incidents.ts'
import { type Reader, touched } from '../store/store.ts'
import {
  type Incident,
  type IncidentHead,
  type IncidentLink,
  type LinkedAlert,
  type LinkKind,
  OPEN_STATES,
  type RoleHolder,
  type StateReason,
} from './incident.ts'
import { replaceServices } from './incident-parts.rows.ts'

type Bare = Omit<Incident, 'serviceIds' | 'alerts' | 'roles' | 'links'>

function fromRow(row: IncidentsTable): Bare {
  return {
    id: row.id,
    title: row.title,
    severity: row.severity,
    state: row.state,
    reason: row.reason as StateReason,
    since: row.since,
    detection: row.detection,
    impactStartedAt: row.impact_started_at,
    detectedAt: row.detected_at,
    declaredAt: row.declared_at,
    acknowledgedAt: row.acknowledged_at,
    mitigatedAt: row.mitigated_at,
    resolvedAt: row.resolved_at,
    closedAt: row.closed_at,
    openedBy: row.opened_by,
    openedByName: row.opened_by_name,
    reopened: row.reopened,
    updatedAt: row.updated_at,
  }
}

function group<T extends { incidentId: string }>(rows: T[]): Map<string, T[]> {
  return Map.groupBy(rows, (row) => row.incidentId)
}

// Four small queries for a whole page instead of four per incident.
async function complete(db: Reader, bare: Bare[]): Promise<Incident[]> {
  const ids = bare.map((incident) => incident.id)
  if (ids.length === 0) return []
  const services = await db
    .selectFrom('incident_services')
    .select(['incident_id as incidentId', 'service_id as serviceId'])
    .where('incident_id', 'in', ids)
    .orderBy('service_id')
    .execute()
  const alerts = await db
    .selectFrom('incident_alerts')
    .selectAll()
    .where('incident_id', 'in', ids)
    .orderBy('opened_at')
    .orderBy('alert_id')
    .execute()
  const roles = await db
    .selectFrom('incident_roles')
    .selectAll()
    .where('incident_id', 'in', ids)
    .orderBy('assigned_at')
    .orderBy('role')
    .execute()
  const links = await db
    .selectFrom('incident_links')
    .selectAll()
    .where((eb) => eb.or([eb('from_id', 'in', ids), eb('to_id', 'in', ids)]))
    .orderBy('created_at')
    .execute()
  const servicesOf = group(services)
  const alertsOf = group(
    alerts.map((row): LinkedAlert & { incidentId: string } => ({
      incidentId: row.incident_id,
      alertId: row.alert_id,
      serviceId: row.service_id,
      monitorId: row.monitor_id,
      severity: row.severity,
      title: row.title,
      openedAt: row.opened_at,
      acknowledgedAt: row.acknowledged_at,
      resolvedAt: row.resolved_at,
    })),
  )
  const rolesOf = group(
    roles.map((row): RoleHolder & { incidentId: string } => ({
      incidentId: row.incident_id,
      role: row.role,
      personId: row.person_id,
      name: row.person_name,
      assignedAt: row.assigned_at,
    })),
  )
  const linksOf = (id: string): IncidentLink[] =>
    links
      .filter((row) => row.from_id === id || row.to_id === id)
      .map((row) => ({
        kind: row.kind as LinkKind,
        direction: row.from_id === id ? 'to' : 'from',
        incidentId: row.from_id === id ? row.to_id : row.from_id,
      }))
  return bare.map((incident) => ({
    ...incident,
    serviceIds: (servicesOf.get(incident.id) ?? []).map((row) => row.serviceId),
    alerts: (alertsOf.get(incident.id) ?? []).map(({ incidentId: _, ...alert }) => alert),
    roles: (rolesOf.get(incident.id) ?? []).map(({ incidentId: _, ...role }) => role),
    links: linksOf(incident.id),
  }))
}

async function headOf(db: Reader, row: IncidentsTable | undefined): Promise<IncidentHead | null> {
  if (!row) return null
  const services = await db
    .selectFrom('incident_services')
    .select('service_id')
    .where('incident_id', '=', row.id)
    .orderBy('service_id')
    .execute()
  return { ...fromRow(row), serviceIds: services.map((service) => service.service_id) }
}

/** One incident without its alerts, roles and links, or null. */
export async function findIncidentHead(db: Reader, id: string): Promise<IncidentHead | null> {
  return headOf(db, await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst())
}

/** One incident with all that belongs to it, or null. */
export async function findIncident(db: Reader, id: string): Promise<Incident | null> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? (await complete(db, [fromRow(row)]))[0]! : null
}

export interface IncidentQuery {
  /** `open`: declared, mitigated or believed resolved. */
  state?: 'open' | 'resolved' | 'closed'
  limit?: number
  /** The id after which the page begins. */
  before?: string
}

/** Incidents, the newest first. */
export async function listIncidents(db: Reader, query: IncidentQuery = {}): Promise<Incident[]> {
  const states = query.state === 'open' ? OPEN_STATES : query.state ? [query.state] : null
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .$if(states !== null, (q) => q.where('state', 'in', [...states!]))
    .$if(query.before !== undefined, (q) => q.where('id', '<', query.before!))
    .orderBy('id', 'desc')
    .limit(query.limit ?? 100)
    .execute()
  return complete(db, rows.map(fromRow))
}

/** How many incidents are open. */
export async function countOpenIncidents(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('incidents')
    .select(sql<number>`count(*)`.as('count'))
    .where('state', 'in', [...OPEN_STATES])
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The newest open incident that touches the service, or null. */
export async function openIncidentOf(db: Reader, serviceId: string): Promise<IncidentHead | null> {
  const row = await db
    .selectFrom('incidents')
    .innerJoin('incident_services', 'incident_services.incident_id', 'incidents.id')
    .selectAll('incidents')
    .where('incident_services.service_id', '=', serviceId)
    .where('incidents.state', 'in', [...OPEN_STATES])
    .orderBy('incidents.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return headOf(db, row)
}

/** The incident that an alert belongs to, or null. */
export async function incidentOfAlert(db: Reader, alertId: string): Promise<string | null> {
  const row = await db
    .selectFrom('incident_alerts')
    .select('incident_id')
    .where('alert_id', '=', alertId)
    .executeTakeFirst()
  return row?.incident_id ?? null
}

/** The open incidents that a monitor or its service is part of. */
export async function openIncidentsAround(
  db: Reader,
  monitorId: string,
  serviceId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('incidents')
    .select('id')
    .where('state', 'in', [...OPEN_STATES])
    .where((eb) =>
      eb.or([
        eb(
          'id',
          'in',
          eb.selectFrom('incident_alerts').select('incident_id').where('monitor_id', '=', monitorId),
        ),
        eb(
          'id',
          'in',
          eb.selectFrom('incident_services').select('incident_id').where('service_id', '=', serviceId),
        ),
      ]),
    )
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Writes a new incident with its services. */
export async function insertIncident(tx: Tx, incident: Bare & { serviceIds: string[] }): Promise<void> {
  await tx.db
    .insertInto('incidents')
    .values({
      id: incident.id,
      title: incident.title,
      severity: incident.severity,
      state: incident.state,
      reason: incident.reason,
      since: incident.since,
      detection: incident.detection,
      impact_started_at: incident.impactStartedAt,
      detected_at: incident.detectedAt,
      declared_at: incident.declaredAt,
      acknowledged_at: incident.acknowledgedAt,
      mitigated_at: incident.mitigatedAt,
      resolved_at: incident.resolvedAt,
      closed_at: incident.closedAt,
      opened_by: incident.openedBy,
      opened_by_name: incident.openedByName,
      reopened: incident.reopened,
      updated_at: incident.updatedAt,
    })
    .execute()
  await replaceServices(tx, incident.id, incident.serviceIds)
}

/** Compare-and-set of the state, with the times that change along; false when somebody was faster. */
export async function moveRow(
  tx: Tx,
  incident: Pick<Incident, 'id' | 'state'>,
  next: Pick<Incident, 'state' | 'reason' | 'since' | 'mitigatedAt' | 'resolvedAt' | 'closedAt' | 'reopened'>,
): Promise<boolean> {
  const updated = await tx.db
    .updateTable('incidents')
    .set({
      state: next.state,
      reason: next.reason,
      since: next.since,
      mitigated_at: next.mitigatedAt,
      resolved_at: next.resolvedAt,
      closed_at: next.closedAt,
      reopened: next.reopened,
      updated_at: tx.now,
    })
    .where('id', '=', incident.id)
    .where('state', '=', incident.state)
    .executeTakeFirst()
  return touched(updated) === 1
}

/** Changes what is not state. */
export async function updateIncident(
  tx: Tx,
  id: string,
  set: Partial<
    Pick<
      IncidentsTable,
      | 'title'
      | 'severity'
      | 'detection'
      | 'impact_started_at'
      | 'detected_at'
      | 'acknowledged_at'
      | 'mitigated_at'
      | 'resolved_at'
    >
  >,
): Promise<void> {
  await tx.db
    .updateTable('incidents')
    .set({ ...set, updated_at: tx.now })
    .where('id', '=', id)
    .execute()
}

/** The first acknowledgement counts; later ones change nothing. */
export async function setFirstAcknowledgement(tx: Tx, id: string, at: number): Promise<void> {
  await tx.db
    .updateTable('incidents')
    .set({ acknowledged_at: at, updated_at: tx.now })
    .where('id', '=', id)
    .where('acknowledged_at', 'is', null)
    .execute()
}
