import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import type { IncidentsConfig } from './config.ts'
import { writeSettings } from './incident-parts.rows.ts'

/** Puts the section `incidents` of the configuration into force. */
export async function applyIncidentsConfig(
  tx: Tx,
  _world: World,
  actor: Actor,
  section: IncidentsConfig,
): Promise<void> {
  authorize(actor, 'administrator')
  await writeSettings(tx, section)
}
