import type { Reader } from '../store/store.ts'
import { maintenancePassed, monitorConfigured } from './facts.ts'

/** The place in the fact log of the newest change to what is scheduled. */
export async function configurationSeq(db: Reader): Promise<number> {
  let newest = 0
  for (const { type } of [monitorConfigured, maintenancePassed]) {
    const row = await db
      .selectFrom('facts')
      .select('seq')
      .where('type', '=', type)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    newest = Math.max(newest, row?.seq ?? 0)
  }
  return newest
}
