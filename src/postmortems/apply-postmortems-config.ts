import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { canonicalJson } from '../kit/json.ts'
import { rechaseAll } from './actions/remind.ts'
import type { PostmortemsConfig } from './config.ts'
import { readPostmortemSettings, writePostmortemSettings } from './postmortems.rows.ts'
import { failedIssues } from './trackers/issues.rows.ts'
import { resumeMended } from './trackers/standings.rows.ts'
import { syncBy } from './trackers/sync-timer.ts'

/** Puts the section `postmortems` of the configuration into force. */
export async function applyPostmortemsConfig(
  tx: Tx,
  world: World,
  actor: Actor,
  { import: _, trackers: __, ...settings }: PostmortemsConfig,
): Promise<void> {
  authorize(actor, 'administrator')
  const before = await readPostmortemSettings(tx.db)
  await writePostmortemSettings(tx, settings)
  if (world.drill !== null) return
  if (canonicalJson(before.reminders) !== canonicalJson(settings.reminders)) await rechaseAll(tx)
  // Whoever has mended a token or an address need not wait until it is tried again.
  await resumeMended(tx)
  for (const actionId of await failedIssues(tx.db)) await syncBy(tx, actionId, tx.now)
}
