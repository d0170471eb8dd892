import { findAlert } from '../alerts/index.ts'
import type { TimerHandler } from '../engine/timers.ts'
import { systemActor } from '../engine/world.ts'
import { applyEvent, ESCALATE } from './apply-event.ts'
import { attend } from './attend.rules.ts'
import { lockEscalation } from './escalation.rows.ts'

const actor = systemActor('oncall')

/** Steps that nobody answered, and acknowledgements that nobody came back to. */
export const oncallTimers: Record<string, TimerHandler> = {
  async [ESCALATE](tx, world, timer) {
    const { alertId } = timer.payload as { alertId: string }
    const escalation = await lockEscalation(tx, world, alertId)
    const alert = await findAlert(tx.db, alertId)
    if (!alert) return
    // An acknowledgement whose fact is still on its way counts before the step that is due.
    const missed = attend(alert, escalation)
    await applyEvent(
      tx,
      world,
      actor,
      alertId,
      missed ?? { type: 'timer', silenced: alert.silenceId !== null },
    )
  },
}
