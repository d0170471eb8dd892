import { pullTimers } from '../engine/life/pull-timers.ts'
import type { Room } from '../engine/room.ts'
import { ESCALATE } from './apply-event.ts'
import { auditorLoop } from './audit-escalations.ts'
import { type PagingMeans, pageHandler } from './deliver-page.ts'
import { oncallTimers } from './due.ts'
import { oncallListener } from './listens.ts'
import { PAGE_KIND } from './page.ts'

/** The room as the engine sees it, with the channels through which it pages. */
export function oncallRoom(means: PagingMeans): Room {
  return {
    name: 'oncall',
    listeners: [oncallListener],
    timers: oncallTimers,
    outbox: { [PAGE_KIND]: pageHandler(means) },
    loops: (world) => [auditorLoop(world)],
    // A step that was set by a clock that stood an hour ahead must not come an hour late.
    async timeJumped(world, ms) {
      if (ms < 0) await world.transact((tx) => pullTimers(tx, ESCALATE, -ms))
    },
  }
}
