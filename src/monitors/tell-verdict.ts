import type { Actor, Tx, World } from '../engine/world.ts'
import { verdictChanged } from './facts.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import type { Verdict } from './observation.ts'

/** Writes the fact that a monitor stands otherwise than before; `at` is when it became true. */
export async function tellVerdict(
  tx: Tx,
  world: World,
  actor: Actor,
  monitor: Monitor,
  from: Verdict,
  state: MonitorState,
  at = tx.now,
): Promise<void> {
  await verdictChanged.append(tx, world, {
    subject: monitor.id,
    actor,
    at,
    data: {
      monitorId: monitor.id,
      serviceId: monitor.serviceId,
      monitorName: monitor.name,
      from,
      to: state.verdict,
      reason: state.reason,
      summary: state.summary,
      target: monitor.target,
      since: state.since,
      maintenance: state.maintenance,
    },
  })
}
