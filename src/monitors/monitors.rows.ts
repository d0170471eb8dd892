import { type Insertable, type Selectable, sql } from 'kysely'
import { SHOWN_STATES, type ShownState } from '../contract/monitors.ts'
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
    places: row.places === null ? null : { names: parseJson(row.places), quorum: row.quorum ?? 1 },
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
    places: monitor.places ? JSON.stringify(monitor.places.names) : null,
    quorum: monitor.places?.quorum ?? null,
    target: monitor.target,
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

/** Monitors of one kind that are reported to under these keys. */
export async function monitorsWithPingKeys(
  db: Reader,
  keys: string[],
  kind: 'heartbeat' | 'log' = 'heartbeat',
): Promise<Monitor[]> {
  const rows = await db
    .selectFrom('monitors')
    .selectAll()
    .where('ping_key', 'in', keys)
    .where('kind', '=', kind)
    .orderBy('id')
    .execute()
  return rows.map(readMonitor)
}

/** Heartbeats of jobs that renew what this monitor watches. */
export async function renewersOf(db: Reader, monitorId: string): Promise<Monitor[]> {
  const rows = await db
    .selectFrom('monitors')
    .selectAll()
    .where('kind', '=', 'heartbeat')
    .where('enabled', '=', 1)
    .where('spec', 'like', `%"renews":${JSON.stringify(monitorId)}%`)
    .orderBy('id')
    .execute()
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

const LOG_TABLES = ['log_pushes', 'log_push_states'] as const

/** Removes a monitor and what is known of its present; its history stays. */
export async function deleteMonitor(db: Db, id: string): Promise<void> {
  for (const table of [
    'monitor_states',
    'heartbeats',
    'heartbeat_ledger',
    'metric_samples',
    ...LOG_TABLES,
  ] as const)
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

/** A place in the list: after this one. */
export interface MonitorCursor {
  id: string
  rank: number
}

export interface MonitorFilter {
  serviceId?: string
  /** As the lists show it: maintenance covers the verdict, and what is switched off has none. */
  state?: ShownState
  /** Words, each of which stands somewhere in what people know of the monitor. */
  words?: readonly string[]
}

// The worst first; what nobody can see comes before what is merely slow.
const RANK = sql<number>`case when monitors.enabled = 0 then 5 when monitor_states.in_maintenance = 1 then 3 else
  case monitor_states.verdict when 'down' then 0 when 'unknown' then 1 when 'degraded' then 2 else 4 end end`

const SEARCHED = sql<string>`lower(monitors.name || ' ' || monitors.id || ' ' || monitors.service_id || ' ' ||
  monitors.kind || ' ' || coalesce(monitors.target, '') || ' ' || monitor_states.reason)`

const escapeLike = (word: string) => word.toLowerCase().replace(/[\\%_]/g, '\\$&')

function conditionsOf({ serviceId, state, words = [] }: MonitorFilter) {
  const all = words.map((word) => sql<boolean>`${SEARCHED} like ${`%${escapeLike(word)}%`} escape '\\'`)
  if (serviceId !== undefined) all.push(sql<boolean>`monitors.service_id = ${serviceId}`)
  if (state !== undefined) all.push(sql<boolean>`${RANK} = ${SHOWN_STATES.indexOf(state)}`)
  return all
}

/** Monitors after the given one, by id or the worst first. */
export async function listMonitors(
  db: Reader,
  options: MonitorFilter & { after?: MonitorCursor; limit?: number; order?: 'id' | 'urgency' } = {},
): Promise<(MonitorView & { rank: number })[]> {
  const { after, limit, order = 'id' } = options
  let query = views(db).select(RANK.as('rank'))
  for (const condition of conditionsOf(options)) query = query.where(condition)
  if (order === 'urgency') query = query.orderBy(RANK)
  query = query.orderBy('monitors.id')
  if (after && order === 'urgency')
    query = query.where(sql<boolean>`(${RANK}, monitors.id) > (${after.rank}, ${after.id})`)
  else if (after) query = query.where('monitors.id', '>', after.id)
  if (limit !== undefined) query = query.limit(limit)
  return (await query.execute()).map((row) => ({ ...readView(row), rank: Number(row.rank) }))
}

/** How many monitors there are in each state that lists show. */
export async function countMonitors(
  db: Reader,
  filter: Omit<MonitorFilter, 'state'> = {},
): Promise<Record<ShownState, number>> {
  let query = db
    .selectFrom('monitors')
    .innerJoin('monitor_states', 'monitor_states.monitor_id', 'monitors.id')
    .select([RANK.as('rank'), (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy(RANK)
  for (const condition of conditionsOf(filter)) query = query.where(condition)
  const rows = await query.execute()
  const count = (rank: number) => Number(rows.find((row) => Number(row.rank) === rank)?.count ?? 0)
  return Object.fromEntries(SHOWN_STATES.map((state, rank) => [state, count(rank)])) as Record<
    ShownState,
    number
  >
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
