import type { HeardPeer } from '../../../engine/life/peer.rules.ts'
import type { Db, Reader } from '../../../store/store.ts'
import { touched } from '../../../store/store.ts'

/** What has been heard of the peer that a monitor watches; null before the first beat. */
export async function findHeard(
  db: Reader,
  monitorId: string,
): Promise<{ heard: HeardPeer; version: number } | null> {
  const row = await db.selectFrom('peers').selectAll().where('monitor_id', '=', monitorId).executeTakeFirst()
  return row ? { heard: JSON.parse(row.heard), version: row.version } : null
}

/** Puts what was heard in place of the version before; false when another beat was faster. */
export async function writeHeard(
  db: Db,
  monitorId: string,
  heard: HeardPeer,
  before: number | null,
): Promise<boolean> {
  const values = { monitor_id: monitorId, heard: JSON.stringify(heard), version: (before ?? 0) + 1 }
  const written =
    before === null
      ? await db
          .insertInto('peers')
          .values(values)
          .onConflict((c) => c.column('monitor_id').doNothing())
          .executeTakeFirst()
      : await db
          .updateTable('peers')
          .set(values)
          .where('monitor_id', '=', monitorId)
          .where('version', '=', before)
          .executeTakeFirst()
  return 'numInsertedOrUpdatedRows' in written
    ? Number(written.numInsertedOrUpdatedRows ?? 0n) > 0
    : touched(written) > 0
}
