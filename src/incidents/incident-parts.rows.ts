import type { Tx } from '../engine/world.ts'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { Reader } from '../store/store.ts'
import { INCIDENT_DEFAULTS, type IncidentsConfig } from './config.ts'
import type { LinkedAlert, LinkKind } from './incident.ts'

/** Makes these the services of the incident. */
export async function replaceServices(
  tx: Tx,
  incidentId: string,
  serviceIds: readonly string[],
): Promise<void> {
  await tx.db.deleteFrom('incident_services').where('incident_id', '=', incidentId).execute()
  for (const serviceId of new Set(serviceIds))
    await tx.db
      .insertInto('incident_services')
      .values({ incident_id: incidentId, service_id: serviceId })
      .execute()
}

/** Adds a service that an alert brought along. */
export async function addService(tx: Tx, incidentId: string, serviceId: string): Promise<void> {
  await tx.db
    .insertInto('incident_services')
    .values({ incident_id: incidentId, service_id: serviceId })
    .onConflict((c) => c.columns(['incident_id', 'service_id']).doNothing())
    .execute()
}

/** Joins an alert to an incident; false when it belongs to one already. */
export async function insertAlert(tx: Tx, incidentId: string, alert: LinkedAlert): Promise<boolean> {
  const result = await tx.db
    .insertInto('incident_alerts')
    .values({
      alert_id: alert.alertId,
      incident_id: incidentId,
      service_id: alert.serviceId,
      monitor_id: alert.monitorId,
      severity: alert.severity,
      title: alert.title,
      opened_at: alert.openedAt,
      acknowledged_at: alert.acknowledgedAt,
      resolved_at: alert.resolvedAt,
    })
    .onConflict((c) => c.column('alert_id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Notes on the linked alert what became of it. */
export async function updateAlert(
  tx: Tx,
  alertId: string,
  set: { acknowledged_at?: number | null; resolved_at?: number | null; severity?: 'critical' | 'warning' },
): Promise<void> {
  await tx.db.updateTable('incident_alerts').set(set).where('alert_id', '=', alertId).execute()
}

/** How many alerts the incident has, and how many of them are not resolved. */
export async function countAlerts(
  db: Reader,
  incidentId: string,
  serviceId?: string,
): Promise<{ linked: number; open: number }> {
  const row = await db
    .selectFrom('incident_alerts')
    .select((eb) => [
      eb.fn.countAll<number>().as('linked'),
      eb.fn.count<number>('resolved_at').as('resolved'),
    ])
    .where('incident_id', '=', incidentId)
    .$if(serviceId !== undefined, (q) => q.where('service_id', '=', serviceId!))
    .executeTakeFirstOrThrow()
  return { linked: Number(row.linked), open: Number(row.linked) - Number(row.resolved) }
}

/** When its first alert opened, or null. */
export async function firstAlertOf(db: Reader, incidentId: string): Promise<number | null> {
  const row = await db
    .selectFrom('incident_alerts')
    .select((eb) => eb.fn.min('opened_at').as('at'))
    .where('incident_id', '=', incidentId)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Gives a role to a person, or lays it down with null. */
export async function putRole(
  tx: Tx,
  incidentId: string,
  role: string,
  person: { id: string; name: string } | null,
): Promise<void> {
  await tx.db
    .deleteFrom('incident_roles')
    .where('incident_id', '=', incidentId)
    .where('role', '=', role)
    .execute()
  if (!person) return
  await tx.db
    .insertInto('incident_roles')
    .values({
      incident_id: incidentId,
      role,
      person_id: person.id,
      person_name: person.name,
      assigned_at: tx.now,
    })
    .execute()
}

/** Links two incidents; false when the link is there already. */
export async function insertLink(tx: Tx, fromId: string, toId: string, kind: LinkKind): Promise<boolean> {
  const result = await tx.db
    .insertInto('incident_links')
    .values({ from_id: fromId, to_id: toId, kind, created_at: tx.now })
    .onConflict((c) => c.columns(['from_id', 'to_id', 'kind']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** The settings in force. */
export async function readSettings(db: Reader): Promise<IncidentsConfig> {
  const row = await db
    .selectFrom('incident_settings')
    .select('value')
    .where('id', '=', 'incidents')
    .executeTakeFirst()
  return row ? parseJson<IncidentsConfig>(row.value) : INCIDENT_DEFAULTS
}

export async function writeSettings(tx: Tx, settings: IncidentsConfig): Promise<void> {
  const value = canonicalJson(settings)
  await tx.db
    .insertInto('incident_settings')
    .values({ id: 'incidents', value })
    .onConflict((c) => c.column('id').doUpdateSet({ value }))
    .execute()
}
