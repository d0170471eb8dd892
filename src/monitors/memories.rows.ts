import type { Db, Reader } from '../store/store.ts'

// What is longer is a kind that keeps too much: it must not fill the database a check at a time.
const LONGEST = 64 * 1_024

/** What each monitor's last check asked to be kept. */
export async function allMemories(db: Reader): Promise<Map<string, unknown>> {
  const rows = await db.selectFrom('monitor_memories').selectAll().execute()
  return new Map(rows.map((row) => [row.monitor_id, JSON.parse(row.memory) as unknown]))
}

/** Keeps what checks asked to be kept, one row for each monitor. */
export async function writeMemories(
  db: Db,
  memories: readonly (readonly [string, unknown])[],
): Promise<void> {
  for (const [monitor_id, value] of memories) {
    const memory = JSON.stringify(value)
    if (memory.length > LONGEST)
      throw new Error(`the monitor ${monitor_id} keeps ${memory.length} characters`)
    await db
      .insertInto('monitor_memories')
      .values({ monitor_id, memory })
      .onConflict((c) => c.column('monitor_id').doUpdateSet({ memory }))
      .execute()
  }
}
