import type { Insertable, Selectable } from 'kysely'
import { parseJson } from '../kit/json.ts'
import type { MonitorStatesTable, MonitorsTable } from '../store/schema/monitors.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import { kindNamed } from './kinds/find-kind.ts'
import type { Monitor, MonitorView } from './monitor.ts'
import { readState } from './states.rows.ts'

/** A stored monitor; its parameters were parsed when it was stored. */
export function readMonitor(row: Selectable<MonitorsTable>): Monitor {
  const spec = parseJson(row.spec)
  return {
    id: row.id,
    name: row.name,
    serviceId: row.service_id,
    kind: row.kind,
    spec,
    settings: row.settings === null ? null : parseJson(row.settings),
    target: kindNamed(row.kind).target(spec),
    every: row.every_ms,
    timeout: row.timeout_ms,
    confirm: row.confirm,
    recover: row.recover,
    retryEvery: row.retry_ms,
    enabled: row.enabled === 1,
    managedBy: row.managed_by,
    pingKey: row.ping_key,
    version: row.version,
    createdAt: row.created_at,
  }
}

function toRow(monitor: Monitor): Insertable<MonitorsTable> {
  return {
    id: monitor.id,
    service_id: monitor.serviceId,
    name: monitor.name,
    kind: monitor.kind,
    spec: JSON.stringify(monitor.spec),
    settings: monitor.settings === null ? null : JSON.stringify(monitor.settings),
    every_ms: monitor.every,
    timeout_ms: monitor.timeout,
    confirm: monitor.confirm,
    recover: monitor.recover,
    retry_ms: monitor.retryEvery,
    enabled: monitor.enabled ? 1 : 0,
    managed_by: monitor.managedBy,
    ping_key: monitor.pingKey,
    version: monitor.version,
    created_at: monitor.createdAt,
  }
}

/** Every monitor, by id. */
export async function allMonitors(db: Reader): Promise<Monitor[]> {
  const rows = await db.selectFrom('monitors').selectAll().orderBy('id').execute()
  return rows.map(readMonitor)
}

/** One monitor without its state, or null. */
export async function findDefinition(db: Reader, id: string): Promise<Monitor | null> {
  const row = await db.selectFrom('monitors').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readMonitor(row) : null
}

/** Heartbeats that are pinged under these keys. */
export async function monitorsWithPingKeys(db: Reader, keys: string[]): Promise<Monitor[]> {
  const rows = await db.selectFrom('monitors').selectAll().where('ping_key', 'in', keys).execute()
  return rows.map(readMonitor)
}

export async function insertMonitor(db: Db, monitor: Monitor): Promise<boolean> {
  const result = await db
    .insertInto('monitors')
    .values(toRow(monitor))
    .onConflict((c) => c.column('id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Stores a new version over the one before it; false when somebody was faster. */
export async function updateMonitor(db: Db, monitor: Monitor): Promise<boolean> {
  const result = await db
    .updateTable('monitors')
    .set(toRow(monitor))
    .where('id', '=', monitor.id)
    .where('version', '=', monitor.version - 1)
    .executeTakeFirst()
  return touched(result) > 0
}

/** Removes a monitor and what is known of its present; its history stays. */
export async function deleteMonitor(db: Db, id: string): Promise<void> {
  for (const table of ['monitor_states', 'heartbeats', 'heartbeat_runs'] as const)
    await db.deleteFrom(table).where('monitor_id', '=', id).execute()
  await db.deleteFrom('monitors').where('id', '=', id).execute()
}

type ViewRow = Selectable<MonitorsTable> & Selectable<MonitorStatesTable>

/** A joined row of `monitors` and `monitor_states` as a view. */
function readView(row: ViewRow & { state_version: number }): MonitorView {
  const last = row.last === null ? null : parseJson<MonitorView['last']>(row.last)
  return {
    ...readMonitor(row),
    state: readState({ ...row, version: row.state_version }),
    checkedAt: row.checked_at,
    nextAt: row.next_at,
    tookMs: row.took_ms,
    last,
    certificate: row.certificate === null ? null : parseJson(row.certificate),
  }
}

function views(db: Reader) {
  return db
    .selectFrom('monitors')
    .innerJoin('monitor_states', 'monitor_states.monitor_id', 'monitors.id')
    .selectAll('monitor_states')
    .selectAll('monitors')
    .select('monitor_states.version as state_version')
}

/** One monitor with all that is known of it, or null. */
export async function findMonitor(db: Reader, id: string): Promise<MonitorView | null> {
  const row = await views(db).where('monitors.id', '=', id).executeTakeFirst()
  return row ? readView(row) : null
}

/** Monitors after the one with the id `after`, by id. */
export async function listMonitors(
  db: Reader,
  options: { after?: string; limit?: number; serviceId?: string } = {},
): Promise<MonitorView[]> {
  let query = views(db).orderBy('monitors.id')
  if (options.after !== undefined) query = query.where('monitors.id', '>', options.after)
  if (options.serviceId !== undefined) query = query.where('monitors.service_id', '=', options.serviceId)
  if (options.limit !== undefined) query = query.limit(options.limit)
  return (await query.execute()).map(readView)
}

/** How many monitors have each confirmed verdict. */
export async function countVerdicts(db: Reader): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('monitor_states')
    .select(['verdict', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('verdict')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.verdict, Number(row.count)]))
}

/** The confirmed verdict of every monitor that is switched on, by service. */
export function enabledVerdicts(
  db: Reader,
): Promise<{ service_id: string; verdict: string; reason: string; since: number }[]> {
  return db
    .selectFrom('monitors')
    .innerJoin('monitor_states', 'monitor_states.monitor_id', 'monitors.id')
    .select(['service_id', 'verdict', 'reason', 'since'])
    .where('enabled', '=', 1)
    .execute()
}
