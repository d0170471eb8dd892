import type { TimerHandler } from '../engine/timers.ts'
import { systemActor } from '../engine/world.ts'
import { countAlerts } from './incident-parts.rows.ts'
import { findIncidentHead } from './incidents.rows.ts'
import { moveStateIn, WATCH_TIMER } from './move-state.ts'
import { decideAfterWatch } from './state.rules.ts'

const watchEnded: TimerHandler = async (tx, world, timer) => {
  const { incidentId } = timer.payload as { incidentId: string }
  const incident = await findIncidentHead(tx.db, incidentId)
  if (!incident) return
  const decision = decideAfterWatch({ state: incident.state, alerts: await countAlerts(tx.db, incidentId) })
  if (decision.outcome === 'move')
    await moveStateIn(tx, world, systemActor('incidents'), incident, decision.to, decision.reason)
}

/** The timers of this room, by kind. */
export const incidentTimers: Record<string, TimerHandler> = { [WATCH_TIMER]: watchEnded }
