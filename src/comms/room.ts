import type { Room } from '../engine/room.ts'
import { commsTimers, startComms } from './due.ts'
import { commsListener } from './listens.ts'
import { mirrorLoop } from './mirror-page.ts'
import { publishHandler } from './publish-page.ts'
import { PUBLISH } from './request-publication.ts'

/** In a replica: what would be said is worked out and kept there; nothing is published, now or later. */
export function commsRoomOfReplica(): Room {
  return { name: 'comms', listeners: [commsListener({ inReplica: true })] }
}

/** The room as the engine sees it; `publicDirectory` is where the public files go. */
export function commsRoom({ publicDirectory }: { publicDirectory: string }): Room {
  return {
    name: 'comms',
    listeners: [commsListener()],
    timers: commsTimers,
    outbox: { [PUBLISH]: publishHandler(publicDirectory) },
    loops: (world) => [mirrorLoop(world, publicDirectory)],
    start: startComms,
  }
}
