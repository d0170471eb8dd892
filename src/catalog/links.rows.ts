import type { Selectable } from 'kysely'
import type { SetupLinksTable } from '../store/schema/catalog.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'

export type LinkRow = Selectable<SetupLinksTable>
export type LinkPurpose = LinkRow['purpose']

export async function insertLink(db: Db, row: Omit<LinkRow, 'used_at'>): Promise<void> {
  await db
    .insertInto('setup_links')
    .values({ ...row, used_at: null })
    .execute()
}

export async function findLink(db: Reader, secretHash: string): Promise<LinkRow | null> {
  const row = await db
    .selectFrom('setup_links')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()
  return row ?? null
}

/** Spends the link; answers false when somebody was faster. */
export async function spendLink(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('setup_links')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return touched(result) > 0
}

/** Only the newest link of its kind opens anything. */
export async function voidLinks(
  db: Db,
  purpose: LinkPurpose,
  personId: string | null,
  now: number,
): Promise<void> {
  await db
    .updateTable('setup_links')
    .set({ used_at: now })
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('person_id', personId === null ? 'is' : '=', personId)
    .execute()
}

export async function purgeLinks(db: Db, before: number): Promise<void> {
  await db.deleteFrom('setup_links').where('expires_at', '<', before).execute()
}
