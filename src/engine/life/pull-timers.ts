import type { Tx } from '../world.ts'

/** Moves the timers of a kind that lie ahead: what was set by a clock that stood `ms` ahead comes that much earlier. */
export async function pullTimers(tx: Tx, kind: string, ms: number): Promise<void> {
  tx.wakes = true
  await tx.db
    .updateTable('timers')
    .set((eb) => ({ due_at: eb('due_at', '-', ms), version: eb('version', '+', 1) }))
    .where('kind', '=', kind)
    .where('due_at', '>', tx.now)
    .execute()
}
