import type { Room } from '../engine/room.ts'
import type { World } from '../engine/world.ts'
import { type HistoryRetention, historyRetention } from './config.ts'
import { giveHeartbeatsTime, HEARTBEAT_TIMER, heartbeatDue } from './judge-heartbeat.ts'
import { MAINTENANCE_TIMER, maintenanceDue, settleMaintenanceIn } from './keep-maintenance.ts'
import { rollUpLoop } from './roll-up.ts'
import { Schedule, type ScheduleFigures, type ScheduleOptions } from './schedule.ts'
import { settleHeartbeats } from './settle-heartbeats.ts'

export interface MonitorsRoomOptions extends Partial<ScheduleOptions> {
  /** False in a replica: nothing is checked, and no silence is judged. */
  watch?: boolean
  retention?: HistoryRetention
}

const schedules = new WeakMap<World, Schedule>()

/** What the scheduler of this world has done; null where nothing is checked. */
export function scheduleFigures(world: World): ScheduleFigures | null {
  return schedules.get(world)?.figures() ?? null
}

/** The room for the engine: checks when they are due, silence judged by time, history rolled up. */
export function monitorsRoom(options: MonitorsRoomOptions = {}): Room {
  const { watch = true, retention = historyRetention.parse({}), ...schedule } = options
  if (!watch)
    return {
      name: 'monitors',
      timers: { [HEARTBEAT_TIMER]: async () => {}, [MAINTENANCE_TIMER]: maintenanceDue },
      // Its states are copies; at its own instant another window may be running, or none.
      start: (world) => world.transact((tx) => settleMaintenanceIn(tx, world)),
    }
  return {
    name: 'monitors',
    timers: { [HEARTBEAT_TIMER]: heartbeatDue, [MAINTENANCE_TIMER]: maintenanceDue },
    start: giveHeartbeatsTime,
    async timeJumped(world, ms) {
      schedules.get(world)?.beginAnew()
      await settleHeartbeats(world, ms)
    },
    loops(world) {
      const loop = new Schedule(world, schedule)
      schedules.set(world, loop)
      return [loop, rollUpLoop(world, retention)]
    },
  }
}
