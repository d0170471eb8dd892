import type { Tx } from '../../engine/world.ts'
import type { Reader } from '../../store/store.ts'

/** Keeps who a document named as the owner, in its own words. */
export async function insertWrittenOwner(tx: Tx, actionId: string, written: string): Promise<void> {
  await tx.db.insertInto('action_written_owners').values({ action_id: actionId, written }).execute()
}

/** Who documents named as the owners of these actions, by action. */
export async function writtenOwnersOf(
  db: Reader,
  actionIds: readonly string[],
): Promise<Map<string, string>> {
  if (actionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('action_written_owners')
    .selectAll()
    .where('action_id', 'in', [...actionIds])
    .execute()
  return new Map(rows.map(({ action_id, written }) => [action_id, written]))
}
