import { touched } from '../store/store.ts'
import type { World } from './world.ts'

/**
 * Takes or renews the lease `name` for `ms`; answers whether this process holds it. A holder that dies loses
 * it by time, so that another replica goes on.
 */
export async function holdLease(world: World, name: string, ms: number): Promise<boolean> {
  return world.transact(async (tx) => {
    const values = { name, holder: world.instance, until: tx.now + ms }
    const inserted = await tx.db
      .insertInto('leases')
      .values(values)
      .onConflict((c) => c.column('name').doNothing())
      .executeTakeFirst()
    if (Number(inserted.numInsertedOrUpdatedRows ?? 0n) > 0) return true
    const updated = await tx.db
      .updateTable('leases')
      .set({ holder: world.instance, until: tx.now + ms })
      .where('name', '=', name)
      .where((eb) => eb.or([eb('holder', '=', world.instance), eb('until', '<', tx.now)]))
      .executeTakeFirst()
    return touched(updated) > 0
  })
}

/** Gives the lease back at once, for an orderly end. */
export async function releaseLease(world: World, name: string): Promise<void> {
  await world.transact(async (tx) => {
    await tx.db.deleteFrom('leases').where('name', '=', name).where('holder', '=', world.instance).execute()
  })
}
