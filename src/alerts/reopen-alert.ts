import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { lockAlert, updateAlert } from './alert.rows.ts'
import { alertChanged } from './facts.ts'

/** Opens an acknowledged alert again, because nobody came back to it; answers whether this call did it. */
export async function reopenAlertIn(
  tx: Tx,
  world: World,
  actor: Actor,
  { alertId, reason }: { alertId: string; reason: string },
): Promise<boolean> {
  authorize(actor, 'responder')
  const alert = await lockAlert(tx, world, { id: alertId })
  if (alert?.state !== 'acknowledged') return false
  await updateAlert(tx, alert, { state: 'open' })
  await alertChanged.append(tx, world, {
    subject: alert.id,
    actor,
    data: { alertId, reason, summary: alert.summary, severity: alert.severity, reopened: true },
  })
  return true
}
