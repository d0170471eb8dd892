import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import type { StatusPageConfig } from './config.ts'
import { writeStatusPageSettings } from './public-page.rows.ts'
import { refreshComponents } from './refresh-components.ts'
import { requestPublication } from './request-publication.ts'

/** Puts the section `statusPage` of the configuration into force. */
export async function applyStatusPageConfig(
  tx: Tx,
  world: World,
  actor: Actor,
  section: StatusPageConfig,
): Promise<void> {
  authorize(actor, 'administrator')
  await writeStatusPageSettings(tx, section)
  await refreshComponents(tx)
  await requestPublication(tx, world)
}
