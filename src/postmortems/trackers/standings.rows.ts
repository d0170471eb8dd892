import type { Tx } from '../../engine/world.ts'
import type { Reader } from '../../store/store.ts'
import type { FailureReason } from './classify-answer.rules.ts'

/** A tracker that is not asked for a while, and why. */
export interface Standing {
  tracker: string
  pausedUntil: number
  reason: FailureReason
  detail: string
  at: number
}

/** The trackers that are not asked at present, by name. */
export async function listStandings(db: Reader): Promise<Map<string, Standing>> {
  const rows = await db.selectFrom('tracker_standings').selectAll().execute()
  return new Map(
    rows.map((row) => [
      row.tracker,
      {
        tracker: row.tracker,
        pausedUntil: row.paused_until,
        reason: row.reason as FailureReason,
        detail: row.detail,
        at: row.at,
      },
    ]),
  )
}

/** Until when the tracker must not be asked; 0 where it may. */
export async function pausedUntil(db: Reader, tracker: string): Promise<number> {
  const row = await db
    .selectFrom('tracker_standings')
    .select('paused_until')
    .where('tracker', '=', tracker)
    .executeTakeFirst()
  return row?.paused_until ?? 0
}

export async function pauseTracker(tx: Tx, standing: Omit<Standing, 'at'>): Promise<void> {
  const { reason, detail } = standing
  const values = { paused_until: standing.pausedUntil, reason, detail, at: tx.now }
  await tx.db
    .insertInto('tracker_standings')
    .values({ tracker: standing.tracker, ...values })
    .onConflict((c) => c.column('tracker').doUpdateSet(values))
    .execute()
}

export async function resumeTracker(tx: Tx, tracker: string): Promise<void> {
  await tx.db.deleteFrom('tracker_standings').where('tracker', '=', tracker).execute()
}

/** After the configuration was read again: what somebody may have mended is tried; a limit stays one. */
export async function resumeMended(tx: Tx): Promise<void> {
  await tx.db.deleteFrom('tracker_standings').where('reason', '<>', 'rate-limited').execute()
}

const KEPT = 30 * 86_400_000

/** Whether this body of a webhook is new. */
export async function noteDelivery(tx: Tx, tracker: string, digest: string): Promise<boolean> {
  await tx.db
    .deleteFrom('tracker_deliveries')
    .where('at', '<', tx.now - KEPT)
    .execute()
  const result = await tx.db
    .insertInto('tracker_deliveries')
    .values({ tracker, digest, at: tx.now })
    .onConflict((c) => c.columns(['tracker', 'digest']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}
