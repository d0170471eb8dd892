import type { Tx } from '../engine/world.ts'
import { parseJson } from '../kit/json.ts'
import type { OverridesTable, SchedulesTable } from '../store/schema/oncall.ts'
import { type Reader, touched } from '../store/store.ts'
import type { Override, Schedule } from './schedule.ts'

function readSchedule(row: SchedulesTable): Schedule {
  return {
    id: row.id,
    name: row.name,
    spec: parseJson(row.spec),
    managedBy: row.managed_by as Schedule['managedBy'],
  }
}

/** Every schedule, in the order of the configuration. */
export async function listSchedules(db: Reader): Promise<Schedule[]> {
  const rows = await db.selectFrom('schedules').selectAll().orderBy('position').orderBy('id').execute()
  return rows.map(readSchedule)
}

/** One schedule, or null. */
export async function findSchedule(db: Reader, id: string): Promise<Schedule | null> {
  const row = await db.selectFrom('schedules').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readSchedule(row) : null
}

/** Writes or replaces a schedule. */
export async function putSchedule(tx: Tx, schedule: Schedule, position: number): Promise<void> {
  const values = {
    name: schedule.name,
    spec: JSON.stringify(schedule.spec),
    managed_by: schedule.managedBy,
    position,
    changed_at: tx.now,
  }
  await tx.db
    .insertInto('schedules')
    .values({ id: schedule.id, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
}

/** Takes a schedule away. */
export async function deleteSchedule(tx: Tx, id: string): Promise<void> {
  await tx.db.deleteFrom('schedules').where('id', '=', id).execute()
}

function readOverride(row: OverridesTable): Override {
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    personId: row.person_id,
    from: row.from_at,
    until: row.until_at,
    reason: row.reason,
    createdAt: row.created_at,
    createdBy: row.created_by,
    createdName: row.created_name,
  }
}

/** Overrides that are not removed and touch [from, to), of one schedule or of all. */
export async function overridesWithin(
  db: Reader,
  { scheduleId, from, to }: { scheduleId?: string; from: number; to: number },
): Promise<Override[]> {
  let query = db
    .selectFrom('overrides')
    .selectAll()
    .where('removed_at', 'is', null)
    .where('from_at', '<', to)
    .where('until_at', '>', from)
  if (scheduleId !== undefined) query = query.where('schedule_id', '=', scheduleId)
  return (await query.orderBy('id').execute()).map(readOverride)
}

/** One page of overrides that are not removed, the newest first. */
export async function listOverrides(
  db: Reader,
  { cursor, limit = 100 }: { cursor?: string; limit?: number } = {},
): Promise<{ items: Override[]; next: string | null }> {
  let query = db.selectFrom('overrides').selectAll().where('removed_at', 'is', null)
  if (cursor) query = query.where('id', '<', cursor)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(readOverride)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** One override that is not removed, or null. */
export async function findOverride(db: Reader, id: string): Promise<Override | null> {
  const row = await db
    .selectFrom('overrides')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? readOverride(row) : null
}

/** Writes a new override. */
export async function insertOverride(tx: Tx, override: Override): Promise<void> {
  await tx.db
    .insertInto('overrides')
    .values({
      id: override.id,
      schedule_id: override.scheduleId,
      person_id: override.personId,
      from_at: override.from,
      until_at: override.until,
      reason: override.reason,
      created_at: override.createdAt,
      created_by: override.createdBy,
      created_name: override.createdName,
      removed_at: null,
      removed_name: null,
    })
    .execute()
}

/** Removes an override; answers whether this call did it. */
export async function markOverrideRemoved(tx: Tx, id: string, name: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('overrides')
    .set({ removed_at: tx.now, removed_name: name })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}
