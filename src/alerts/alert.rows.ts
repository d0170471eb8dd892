import type { Insertable } from 'kysely'
import type { Tx, World } from '../engine/world.ts'
import type { AlertsTable } from '../store/schema/alerts.ts'
import { type Reader, touched } from '../store/store.ts'
import type { AcknowledgedVia, Alert, AlertSeverity, AlertSource, AlertState } from './alert.ts'

function readAlert(row: AlertsTable): Alert {
  return {
    id: row.id,
    dedupKey: row.dedup_key,
    title: row.title,
    summary: row.summary,
    severity: row.severity as AlertSeverity,
    reason: row.reason,
    state: row.state as AlertState,
    serviceId: row.service_id,
    monitorId: row.monitor_id,
    source: row.source as AlertSource,
    policyId: row.policy_id,
    beganAt: row.began_at,
    openedAt: row.opened_at,
    changedAt: row.changed_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedName: row.acknowledged_name,
    acknowledgedVia: row.acknowledged_via as AcknowledgedVia | null,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    resolvedReason: row.resolved_reason,
    silenceId: row.silence_id,
    version: row.version,
  }
}

/** One alert, or null. */
export async function findAlert(db: Reader, id: string): Promise<Alert | null> {
  const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readAlert(row) : null
}

/** One alert, held against other transactions until this one ends; null when there is none. */
export async function lockAlert(
  tx: Tx,
  world: World,
  by: { id: string } | { openKey: string },
): Promise<Alert | null> {
  const row = await tx.db
    .selectFrom('alerts')
    .selectAll()
    .where((eb) => ('id' in by ? eb('id', '=', by.id) : eb('open_key', '=', by.openKey)))
    .$if(world.store.dialect === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  return row ? readAlert(row) : null
}

/** The unresolved alert with this key, or null. */
export async function findOpenAlert(db: Reader, dedupKey: string): Promise<Alert | null> {
  const row = await db.selectFrom('alerts').selectAll().where('open_key', '=', dedupKey).executeTakeFirst()
  return row ? readAlert(row) : null
}

/** Every alert that is not resolved, the oldest first. */
export async function listUnresolved(db: Reader): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('state', '!=', 'resolved')
    .orderBy('id')
    .execute()
  return rows.map(readAlert)
}

export interface AlertFilter {
  state?: AlertState | 'unresolved'
  monitorId?: string
  serviceId?: string
  /** The id of the last alert of the page before. */
  cursor?: string
  limit?: number
}

/** One page of alerts, the newest first. */
export async function listAlerts(
  db: Reader,
  filter: AlertFilter = {},
): Promise<{ items: Alert[]; next: string | null }> {
  const limit = filter.limit ?? 100
  let query = db.selectFrom('alerts').selectAll()
  if (filter.state === 'unresolved') query = query.where('state', '!=', 'resolved')
  else if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.monitorId) query = query.where('monitor_id', '=', filter.monitorId)
  if (filter.serviceId) query = query.where('service_id', '=', filter.serviceId)
  if (filter.cursor) query = query.where('id', '<', filter.cursor)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(readAlert)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** How many alerts are not resolved. */
export async function countUnresolved(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('alerts')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('state', '!=', 'resolved')
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Writes a new alert; answers false when the key has an unresolved alert already. */
export async function insertAlert(tx: Tx, row: Insertable<AlertsTable>): Promise<boolean> {
  const result = await tx.db
    .insertInto('alerts')
    .values(row)
    .onConflict((c) => c.column('open_key').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Changes an alert where it still is as it was read; answers whether it was. */
export async function updateAlert(
  tx: Tx,
  alert: Pick<Alert, 'id' | 'version'>,
  set: Partial<Omit<AlertsTable, 'id' | 'version' | 'dedup_key'>>,
): Promise<boolean> {
  const result = await tx.db
    .updateTable('alerts')
    .set({ ...set, changed_at: tx.now, version: alert.version + 1 })
    .where('id', '=', alert.id)
    .where('version', '=', alert.version)
    .executeTakeFirst()
  return touched(result) > 0
}

/** What monitors have said of each service so far: each reason once, with when it last was. */
export async function reasonsByService(
  db: Reader,
): Promise<{ serviceId: string; reason: string; lastAt: number }[]> {
  const rows = await db
    .selectFrom('alerts')
    .select(['service_id', 'reason', (eb) => eb.fn.max('opened_at').as('last_at')])
    .where('source', '=', 'monitor')
    .where('service_id', 'is not', null)
    .groupBy(['service_id', 'reason'])
    .orderBy('service_id')
    .orderBy('reason')
    .execute()
  return rows.map((row) => ({ serviceId: row.service_id!, reason: row.reason, lastAt: Number(row.last_at) }))
}
