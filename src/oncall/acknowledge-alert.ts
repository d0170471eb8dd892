import { type AcknowledgedVia, type Alert, acknowledgeAlertIn, findAlert } from '../alerts/index.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { attendAlert } from './attend-alert.ts'
import { lockEscalation } from './escalation.rows.ts'

export interface Acknowledgement {
  outcome: 'acknowledged' | 'already-acknowledged' | 'already-resolved'
  alert: Alert
  /** Who was first, and when; null where it was resolved without anybody. */
  by: string | null
  at: number | null
}

/**
 * A human is on it: the alert is acknowledged and everything pending stops, in one transaction. Doing it again
 * changes nothing and says who was first.
 */
export async function acknowledgeAlert(
  world: World,
  actor: Actor,
  input: { alertId: string; via: AcknowledgedVia },
): Promise<Acknowledgement> {
  authorize(actor, 'responder')
  return world.transact((tx) => acknowledgeWholly(tx, world, actor, input))
}

/** The same within a transaction. */
export async function acknowledgeWholly(
  tx: Tx,
  world: World,
  actor: Actor,
  input: { alertId: string; via: AcknowledgedVia },
): Promise<Acknowledgement> {
  await lockEscalation(tx, world, input.alertId)
  const first = await acknowledgeAlertIn(tx, world, actor, input)
  if (first) await attendAlert(tx, world, input.alertId)
  const alert = await findAlert(tx.db, input.alertId)
  if (!alert) throw notFound('alert', input.alertId)
  const outcome = first
    ? 'acknowledged'
    : alert.state === 'resolved'
      ? 'already-resolved'
      : 'already-acknowledged'
  return { outcome, alert, by: alert.acknowledgedName, at: alert.acknowledgedAt }
}
