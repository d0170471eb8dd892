import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { lockAlert, updateAlert } from './alert.rows.ts'
import { alertResolved } from './facts.ts'

export type ResolveAlertInput = ({ dedupKey: string } | { alertId: string }) & { reason: string }

/** Resolves an alert by its id or key; answers its id, or null when nothing unresolved is there. */
export async function resolveAlertIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: ResolveAlertInput,
): Promise<string | null> {
  authorize(actor, 'responder')
  const by = 'alertId' in input ? { id: input.alertId } : { openKey: input.dedupKey }
  const alert = await lockAlert(tx, world, by)
  if (!alert || alert.state === 'resolved') return null
  await updateAlert(tx, alert, {
    state: 'resolved',
    open_key: null,
    resolved_at: tx.now,
    resolved_by: actor.personId,
    resolved_reason: input.reason,
  })
  await alertResolved.append(tx, world, {
    subject: alert.id,
    actor,
    data: { alertId: alert.id, reason: input.reason, by: actor.personId },
  })
  return alert.id
}
