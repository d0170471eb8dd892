import type { World } from '../engine/world.ts'
import { judgeHeartbeatIn } from './judge-heartbeat.ts'
import { allMonitors } from './monitors.rows.ts'
import { moveHeard } from './time-jump.rows.ts'

/**
 * After a jump of the clock, in either direction, or after a time in which nobody was here: each job has as much time
 * left as it had before. Nobody could have heard it meanwhile, so that its silence says nothing; and what was heard by
 * a clock that stood ahead must not keep a dead job alive.
 */
export async function settleHeartbeats(world: World, ms: number): Promise<void> {
  await world.transact(async (tx) => {
    await moveHeard(tx.db, ms)
    for (const monitor of await allMonitors(tx.db))
      if (monitor.kind === 'heartbeat') await judgeHeartbeatIn(tx, world, monitor)
  })
}
