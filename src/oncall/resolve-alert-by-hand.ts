import { type Alert, findAlert, resolveAlertIn } from '../alerts/index.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { attendAlert } from './attend-alert.ts'
import { lockEscalation } from './escalation.rows.ts'

/** Resolves an alert because a human says so, and ends its escalation in the same transaction. */
export async function resolveAlertByHand(
  world: World,
  actor: Actor,
  { alertId, reason }: { alertId: string; reason: string },
): Promise<Alert> {
  authorize(actor, 'responder')
  if (reason.trim() === '')
    throw new TocsinError('invalid-input', 'Say why the alert is resolved.', [
      { path: 'reason', message: 'must not be empty' },
    ])
  return world.transact(async (tx) => {
    await lockEscalation(tx, world, alertId)
    if (!(await findAlert(tx.db, alertId))) throw notFound('alert', alertId)
    await resolveAlertIn(tx, world, actor, { alertId, reason: reason.trim() })
    await attendAlert(tx, world, alertId)
    return (await findAlert(tx.db, alertId))!
  })
}
