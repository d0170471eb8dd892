import type { Room } from '../engine/room.ts'
import { followUpDeliveries, followUpTimers } from './actions/due.ts'
import { followUpListener } from './actions/listens.ts'
import { beginChasing } from './actions/remind.ts'
import { RELOOK, relook } from './items/accept-luck.ts'
import { READ_ITEMS, readItemsDue, readItemsLater } from './items/sync-items.ts'
import { postmortemsListener } from './listens.ts'
import { learningListener } from './recurrence/listens.ts'
import { chase, chaseAwaited } from './review/due.ts'
import { CHASE } from './review/schedule-chase.ts'
import { TELL, type TellingMeans, tellHandler } from './review/tell.ts'

/** The room as the engine sees it; `means` is how people are told, null where this process tells nobody. */
export function postmortemsRoom(means: TellingMeans | null = null): Room {
  return {
    name: 'postmortems',
    listeners: [postmortemsListener, learningListener, followUpListener],
    timers: { [CHASE]: chase, [RELOOK]: relook, [READ_ITEMS]: readItemsDue, ...followUpTimers },
    ...(means === null ? {} : { outbox: { [TELL]: tellHandler(means), ...followUpDeliveries(means) } }),
    async start(world) {
      await world.transact(async (tx) => {
        await chaseAwaited(tx, world)
        await readItemsLater(tx, world)
        await beginChasing(tx, world)
      })
    },
  }
}
