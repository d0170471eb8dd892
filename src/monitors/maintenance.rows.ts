import type { Selectable } from 'kysely'
import { parseJson } from '../kit/json.ts'
import type { MaintenanceTable } from '../store/schema/monitors.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { Maintenance } from './maintenance.rules.ts'

function readRow(row: Selectable<MaintenanceTable>): Maintenance {
  const { from_at: from, to_at: to, cron, duration_ms: duration, timezone } = row
  return {
    id: row.id,
    name: row.name,
    monitors: parseJson(row.monitors),
    services: parseJson(row.services),
    when: cron === null ? { from: from ?? 0, to: to ?? 0 } : { cron, duration: duration ?? 0, timezone },
    managedBy: row.managed_by,
    endedAt: row.ended_at,
  }
}

function columnsOf({ id, name, monitors, services, when, managedBy, endedAt }: Maintenance) {
  const once = 'from' in when
  return {
    id,
    name,
    monitors: JSON.stringify(monitors),
    services: JSON.stringify(services),
    from_at: once ? when.from : null,
    to_at: once ? when.to : null,
    cron: once ? null : when.cron,
    duration_ms: once ? null : when.duration,
    timezone: once ? 'UTC' : when.timezone,
    managed_by: managedBy,
    ended_at: endedAt,
  }
}

/** Every maintenance, by id. */
export async function allMaintenance(db: Reader): Promise<Maintenance[]> {
  return (await db.selectFrom('maintenance').selectAll().orderBy('id').execute()).map(readRow)
}

export async function findMaintenance(db: Reader, id: string): Promise<Maintenance | null> {
  const row = await db.selectFrom('maintenance').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readRow(row) : null
}

export async function upsertMaintenance(db: Db, maintenance: Maintenance, now: number): Promise<void> {
  const columns = columnsOf(maintenance)
  await db
    .insertInto('maintenance')
    .values({ ...columns, created_at: now })
    .onConflict((c) => c.column('id').doUpdateSet(columns))
    .execute()
}

/** Ends one that has not been ended before. */
export async function markEnded(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('maintenance')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

export async function deleteMaintenance(db: Db, id: string): Promise<void> {
  await db.deleteFrom('maintenance').where('id', '=', id).execute()
}
