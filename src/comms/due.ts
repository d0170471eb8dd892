import { findTimer, setTimer, type TimerHandler } from '../engine/timers.ts'
import type { World } from '../engine/world.ts'
import { HOUR } from '../kit/duration.ts'
import { refreshComponents } from './refresh-components.ts'
import { enqueuePublication, PUBLISH_TIMER, requestPublication } from './request-publication.ts'

/** The timer kind that looks round even when nothing was heard: days pass, planned work begins and ends. */
export const REFRESH_TIMER = 'comms.refresh'

const REFRESH_KEY = 'comms:refresh'

const refresh: TimerHandler = async (tx, _world, timer) => {
  await refreshComponents(tx)
  await enqueuePublication(tx)
  await setTimer(tx, { key: REFRESH_KEY, kind: REFRESH_TIMER, dueAt: Math.max(timer.dueAt, tx.now) + HOUR })
}

const publishSoon: TimerHandler = async (tx) => enqueuePublication(tx)

/** The timers of this room, by kind. */
export const commsTimers: Record<string, TimerHandler> = {
  [REFRESH_TIMER]: refresh,
  [PUBLISH_TIMER]: publishSoon,
}

/** At start: the page is published anew, and looked at every hour from then on. */
export async function startComms(world: World): Promise<void> {
  if (world.drill) return
  await world.transact(async (tx) => {
    await refreshComponents(tx)
    await requestPublication(tx, world)
    if (!(await findTimer(tx.db, REFRESH_KEY)))
      await setTimer(tx, { key: REFRESH_KEY, kind: REFRESH_TIMER, dueAt: tx.now + HOUR })
  })
}
