import type { Db, Reader } from '../store/store.ts'

/** How the newest failure of a monitor looked. */
export interface Screenshot {
  monitorId: string
  at: number
  /** What the check said that took it. */
  reason: string
  /** The step that failed. */
  step: string
  /** In base64. */
  jpeg: string
}

/** Keeps one picture for each monitor: the newest. */
export async function writeScreenshots(db: Db, screenshots: readonly Screenshot[]): Promise<void> {
  for (const { monitorId, ...shown } of screenshots)
    await db
      .insertInto('monitor_screenshots')
      .values({ monitor_id: monitorId, ...shown })
      .onConflict((c) => c.column('monitor_id').doUpdateSet(shown))
      .execute()
}

export async function findScreenshot(db: Reader, monitorId: string): Promise<Screenshot | null> {
  const row = await db
    .selectFrom('monitor_screenshots')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .executeTakeFirst()
  if (!row) return null
  const { monitor_id, ...shown } = row
  return { monitorId: monitor_id, ...shown }
}

export async function deleteScreenshot(db: Db, monitorId: string): Promise<void> {
  await db.deleteFrom('monitor_screenshots').where('monitor_id', '=', monitorId).execute()
}
