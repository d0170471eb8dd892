import type { Room } from '../engine/room.ts'
import { alertTimers } from './due.ts'
import { alertsListener } from './listens.ts'

/** The room as the engine sees it. */
export function alertsRoom(): Room {
  return { name: 'alerts', listeners: [alertsListener], timers: alertTimers }
}
