import { sql } from 'kysely'
import type { Db } from '../store/store.ts'

const HEARD = ['waiting_since', 'last_success_at', 'last_start_at', 'last_fail_at', 'missed_until'] as const

/** Moves what jobs were last heard at, so that they have as much time left as before the jump. */
export async function moveHeard(db: Db, ms: number): Promise<void> {
  // The sum of an empty place with a number is an empty place.
  const moved = Object.fromEntries(HEARD.map((column) => [column, sql`${sql.ref(column)} + ${ms}`]))
  await db.updateTable('heartbeats').set(moved).execute()
  await db
    .updateTable('heartbeat_ledger')
    .set({ started_at: sql`started_at + ${ms}` })
    .where('ended_at', 'is', null)
    .where('started_at', 'is not', null)
    .execute()
}
