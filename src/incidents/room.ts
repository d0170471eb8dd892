import type { Room } from '../engine/room.ts'
import { incidentTimers } from './due.ts'
import { incidentsListener } from './listens.ts'

/** The room as the engine sees it. */
export function incidentsRoom(options: { inReplica?: boolean } = {}): Room {
  return { name: 'incidents', listeners: [incidentsListener(options)], timers: incidentTimers }
}
