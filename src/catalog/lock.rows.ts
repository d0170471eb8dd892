import { sql } from 'kysely'
import type { Tx, World } from '../engine/world.ts'

const CATALOG_LOCK = 726_356

/**
 * One change of the catalog at a time, until the transaction ends: two replicas that apply the same file at
 * once must not both find that a contact is missing. SQLite has one writer anyhow.
 */
export async function lockCatalog(tx: Tx, world: World): Promise<void> {
  if (world.store.dialect === 'postgres')
    await sql`SELECT pg_advisory_xact_lock(${CATALOG_LOCK})`.execute(tx.db)
}
