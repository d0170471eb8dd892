import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import type { PostmortemsConfig } from './config.ts'
import { writePostmortemSettings } from './postmortems.rows.ts'

/** Puts the section `postmortems` of the configuration into force. */
export async function applyPostmortemsConfig(
  tx: Tx,
  _world: World,
  actor: Actor,
  section: PostmortemsConfig,
): Promise<void> {
  authorize(actor, 'administrator')
  await writePostmortemSettings(tx, section)
}
