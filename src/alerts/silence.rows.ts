import type { Tx } from '../engine/world.ts'
import type { SilencesTable } from '../store/schema/alerts.ts'
import { type Reader, touched } from '../store/store.ts'
import type { Silence } from './silence.ts'

function readSilence(row: SilencesTable): Silence {
  return {
    id: row.id,
    match: {
      ...(row.monitor_id === null ? {} : { monitorId: row.monitor_id }),
      ...(row.service_id === null ? {} : { serviceId: row.service_id }),
      ...(row.dedup_key === null ? {} : { dedupKey: row.dedup_key }),
    },
    from: row.from_at,
    until: row.until_at,
    reason: row.reason,
    createdAt: row.created_at,
    createdBy: row.created_by,
    createdName: row.created_name,
    endedAt: row.ended_at,
    endedName: row.ended_name,
  }
}

/** One silence, or null. */
export async function findSilence(db: Reader, id: string): Promise<Silence | null> {
  const row = await db.selectFrom('silences').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readSilence(row) : null
}

/** Silences that are in force at `now`. */
export async function silencesInForce(db: Reader, now: number): Promise<Silence[]> {
  const rows = await db
    .selectFrom('silences')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('from_at', '<=', now)
    .where('until_at', '>', now)
    .execute()
  return rows.map(readSilence)
}

/** One page of silences, the newest first. */
export async function listSilences(
  db: Reader,
  { cursor, limit = 100 }: { cursor?: string; limit?: number } = {},
): Promise<{ items: Silence[]; next: string | null }> {
  let query = db.selectFrom('silences').selectAll()
  if (cursor) query = query.where('id', '<', cursor)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(readSilence)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** Writes a new silence. */
export async function insertSilence(tx: Tx, silence: Silence): Promise<void> {
  await tx.db
    .insertInto('silences')
    .values({
      id: silence.id,
      monitor_id: silence.match.monitorId ?? null,
      service_id: silence.match.serviceId ?? null,
      dedup_key: silence.match.dedupKey ?? null,
      from_at: silence.from,
      until_at: silence.until,
      reason: silence.reason,
      created_at: silence.createdAt,
      created_by: silence.createdBy,
      created_name: silence.createdName,
      ended_at: null,
      ended_name: null,
    })
    .execute()
}

/** Ends a silence that has not ended; answers whether this call did it. */
export async function markSilenceEnded(tx: Tx, id: string, name: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('silences')
    .set({ ended_at: tx.now, ended_name: name })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}
