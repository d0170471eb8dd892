import { findAlert } from '../alerts/index.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import { applyEvent } from './apply-event.ts'
import { attend } from './attend.rules.ts'
import { lockEscalation } from './escalation.rows.ts'

const actor = systemActor('oncall')

/** Brings the escalation of an alert to where the alert is; does nothing where it is there already. */
export async function attendAlert(tx: Tx, world: World, alertId: string): Promise<void> {
  const escalation = await lockEscalation(tx, world, alertId)
  const alert = await findAlert(tx.db, alertId)
  if (!alert) return
  const event = attend(alert, escalation)
  if (event) await applyEvent(tx, world, actor, alertId, event)
}
