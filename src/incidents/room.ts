import type { Room } from '../engine/room.ts'
import { incidentTimers } from './due.ts'
import { incidentsListener } from './listens.ts'

/** The room as the engine sees it. */
export function incidentsRoom(): Room {
  return { name: 'incidents', listeners: [incidentsListener], timers: incidentTimers }
}
