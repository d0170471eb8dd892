import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Db, Reader } from '../../store/store.ts'
import { touched } from '../../store/store.ts'
import { insertObservations } from '../history.rows.ts'
import type { Verdict } from '../observation.ts'
import type { PlaceView } from './quorum.rules.ts'

/** What each place saw last of one monitor. */
export async function viewsOf(db: Reader, monitorId: string): Promise<PlaceView[]> {
  const rows = await db.selectFrom('place_views').selectAll().where('monitor_id', '=', monitorId).execute()
  return rows.map(({ place, at, verdict, reason, summary }) => ({
    place,
    at,
    verdict: verdict as Verdict,
    reason,
    summary,
  }))
}

export interface ViewToKeep extends PlaceView {
  monitorId: string
  tookMs: number
}

/** Keeps what a place saw, where it is newer than what is known: what comes late turns nothing back. */
export async function keepViews(db: Db, views: ViewToKeep[]): Promise<void> {
  for (const { monitorId, place, at, verdict, reason, summary, tookMs } of views) {
    const seen = { at, verdict, reason, summary, took_ms: Math.round(tookMs) }
    await db
      .insertInto('place_views')
      .values({ monitor_id: monitorId, place, ...seen })
      .onConflict((c) =>
        c.columns(['monitor_id', 'place']).doUpdateSet(seen).where('place_views.at', '<', at),
      )
      .execute()
  }
}

/** A place has asked or delivered. */
export async function touchPlace(
  db: Db,
  place: { id: string; version: string; lost: number },
  now: number,
): Promise<void> {
  const values = { seen_at: now, version: place.version, lost: place.lost }
  await db
    .insertInto('places')
    .values({ id: place.id, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
}

/** When a place was last heard of, or null. */
export async function placeSeenAt(db: Reader, id: string): Promise<number | null> {
  const row = await db.selectFrom('places').select('seen_at').where('id', '=', id).executeTakeFirst()
  return row?.seen_at ?? null
}

/** How far a place has delivered out of this spool. */
export async function readPlaceCursor(db: Kysely<Schema>, place: string, spool: string): Promise<number> {
  const row = await db.selectFrom('place_cursors').selectAll().where('place', '=', place).executeTakeFirst()
  return row?.spool === spool ? row.seq : 0
}

/** Appends to the history and moves the cursor, in one transaction; false when another delivery was faster. */
export function appendDelivered(
  db: Kysely<Schema>,
  cursor: { place: string; spool: string; from: number; to: number },
  rows: Parameters<typeof insertObservations>[1],
): Promise<boolean> {
  const { place, spool, from, to } = cursor
  return db.transaction().execute(async (tx) => {
    const moved = await tx
      .updateTable('place_cursors')
      .set({ seq: to })
      .where('place', '=', place)
      .where('spool', '=', spool)
      .where('seq', '=', from)
      .executeTakeFirst()
    if (touched(moved) === 0) {
      if (from !== 0) return false
      // Another spool takes the place of the one before: the disk of the place was wiped.
      const begun = await tx
        .insertInto('place_cursors')
        .values({ place, spool, seq: to })
        .onConflict((c) =>
          c.column('place').doUpdateSet({ spool, seq: to }).where('place_cursors.spool', '!=', spool),
        )
        .executeTakeFirst()
      if (Number(begun.numInsertedOrUpdatedRows ?? 0n) === 0) return false
    }
    await insertObservations(tx, rows)
    return true
  })
}
