import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import type { ProofsConfig } from './config.ts'
import { createDrillIn, drillOf } from './create-drill.ts'
import { findDrill, listDrills, updateDrill } from './drill.rows.ts'
import { scheduleDrill } from './due.ts'
import { drillConfigured } from './facts.ts'
import { retireDrillIn } from './remove-drill.ts'

/** Brings the drills that the configuration file manages in line with it; those made by people stay. */
export async function applyDrillsIn(
  tx: Tx,
  world: World,
  actor: Actor,
  section: ProofsConfig['drills'],
): Promise<void> {
  authorize(actor, 'administrator')
  for (const [id, settings] of Object.entries(section)) {
    const present = await findDrill(tx.db, id)
    const wanted = drillOf(id, settings, 'file')
    if (!present) {
      await createDrillIn(tx, world, actor, wanted)
      continue
    }
    if (present.managedBy === 'api')
      throw new TocsinError('configuration-invalid', `The drill "${id}" was made by hand.`, [
        { path: `drills.${id}`, message: 'a drill made by hand has this id', remedy: 'Choose another id.' },
      ])
    // An action may have been tied to the drill in the browser; a file that names none leaves it.
    const next = { ...wanted, actionId: wanted.actionId ?? present.actionId }
    const { createdAt: _, ...now } = present
    if (canonicalJson(now) === canonicalJson(next)) continue
    await updateDrill(tx, next)
    await drillConfigured.append(tx, world, {
      subject: id,
      actor,
      data: { monitorId: next.monitorId, actionId: next.actionId },
    })
    await scheduleDrill(tx, next)
  }
  for (const drill of await listDrills(tx.db)) {
    if (drill.managedBy !== 'file' || Object.hasOwn(section, drill.id)) continue
    await retireDrillIn(tx, world, actor, drill)
  }
}
