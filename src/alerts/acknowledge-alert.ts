import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { lockAlert, updateAlert } from './alert.rows.ts'
import type { AcknowledgedVia } from './alert.ts'
import { alertAcknowledged } from './facts.ts'

/**
 * Notes that a human is on it; answers whether this call was the first. Only the state changes here: on-call's
 * verb of the same name stops everything pending in the same transaction.
 */
export async function acknowledgeAlertIn(
  tx: Tx,
  world: World,
  actor: Actor,
  { alertId, via }: { alertId: string; via: AcknowledgedVia },
): Promise<boolean> {
  authorize(actor, 'responder')
  const alert = await lockAlert(tx, world, { id: alertId })
  if (!alert) throw notFound('alert', alertId)
  if (alert.state !== 'open') return false
  await updateAlert(tx, alert, {
    state: 'acknowledged',
    acknowledged_at: tx.now,
    acknowledged_by: actor.personId,
    acknowledged_name: actor.name,
    acknowledged_via: via,
  })
  await alertAcknowledged.append(tx, world, {
    subject: alertId,
    actor,
    data: { alertId, by: actor.personId, via, name: actor.name },
  })
  return true
}
