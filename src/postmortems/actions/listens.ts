import type { Fact } from '../../engine/facts.ts'
import { type Listener, on } from '../../engine/room.ts'
import type { Tx, World } from '../../engine/world.ts'
import {
  actionChanged,
  actionClaimed,
  actionCreated,
  actionDropped,
  actionProved,
  actionRefuted,
  actionReopened,
  actionStale,
  actionTakenBack,
} from '../facts.ts'
import type { Told } from '../trackers/say-in-tracker.rules.ts'
import { TRACKER_ACTOR } from '../trackers/sync-timer.ts'
import { tellTracker } from '../trackers/tell-tracker.ts'
import { remindOfState, scheduleChase } from './remind.ts'

/** Every change of an action moves its reminders, and is told in its tracker. */
async function follow(
  tx: Tx,
  world: World,
  { seq, drill }: Pick<Fact, 'seq' | 'drill'>,
  actionId: string,
  told?: Told,
  reason: string | null = null,
): Promise<boolean> {
  if (drill) return false
  await scheduleChase(tx, actionId)
  if (told) await tellTracker(tx, world, actionId, told, { seq, reason })
  return true
}

/** What is heard of actions so that they get done. */
export const followUpListener: Listener = {
  name: 'postmortems.follow-up',
  hears: [
    on(actionCreated, async (tx, world, fact) => void (await follow(tx, world, fact, fact.data.actionId))),
    on(actionChanged, async (tx, world, fact) => void (await follow(tx, world, fact, fact.data.actionId))),
    on(actionClaimed, async (tx, world, fact) => {
      const told = fact.data.by === TRACKER_ACTOR ? 'claimed-here' : 'claimed'
      await follow(tx, world, fact, fact.data.actionId, told)
    }),
    on(actionTakenBack, async (tx, world, fact) => {
      // Who opened the issue in the tracker knows.
      const told = fact.actor === TRACKER_ACTOR ? undefined : 'taken-back'
      await follow(tx, world, fact, fact.data.actionId, told)
    }),
    on(actionDropped, async (tx, world, fact) => {
      await follow(tx, world, fact, fact.data.actionId, 'dropped', fact.data.reason)
    }),
    on(actionProved, async (tx, world, fact) => {
      await follow(tx, world, fact, fact.data.actionId, 'proved')
    }),
    on(actionRefuted, async (tx, world, fact) => {
      const { actionId, reason } = fact.data
      if (await follow(tx, world, fact, actionId, 'refuted', reason))
        await remindOfState(tx, world, actionId, 'refuted', fact)
    }),
    on(actionReopened, async (tx, world, fact) => {
      const { actionId, reason } = fact.data
      if (await follow(tx, world, fact, actionId, 'reopened', reason))
        await remindOfState(tx, world, actionId, 'reopened', fact)
    }),
    on(actionStale, async (tx, world, fact) => {
      const { actionId, reason } = fact.data
      if (await follow(tx, world, fact, actionId, 'stale', reason))
        await remindOfState(tx, world, actionId, 'stale', fact)
    }),
  ],
}
