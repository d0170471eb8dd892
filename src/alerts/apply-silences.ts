import type { Actor, Tx, World } from '../engine/world.ts'
import { listUnresolved, lockAlert, updateAlert } from './alert.rows.ts'
import { alertSilenced, alertUnsilenced } from './facts.ts'
import { silencesInForce } from './silence.rows.ts'
import { silenceOver } from './silence.rules.ts'

/** Brings every unresolved alert in line with the silences that are in force now. */
export async function applySilences(tx: Tx, world: World, actor: Actor): Promise<void> {
  const silences = await silencesInForce(tx.db, tx.now)
  for (const { id } of await listUnresolved(tx.db)) {
    const alert = await lockAlert(tx, world, { id })
    if (!alert || alert.state === 'resolved') continue
    const silence = silenceOver(silences, alert, tx.now)
    if ((silence?.id ?? null) === alert.silenceId) continue
    await updateAlert(tx, alert, { silence_id: silence?.id ?? null })
    const fact = { subject: alert.id, actor }
    if (silence && alert.silenceId === null)
      await alertSilenced.append(tx, world, { ...fact, data: { alertId: id, silenceId: silence.id } })
    if (!silence && alert.silenceId !== null)
      await alertUnsilenced.append(tx, world, { ...fact, data: { alertId: id, silenceId: alert.silenceId } })
  }
}
