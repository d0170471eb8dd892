import type { ChannelMap, ChannelSettings } from '../channels/index.ts'
import type { Room } from '../engine/room.ts'
import { findTimer, setTimer, type TimerHandler } from '../engine/timers.ts'
import { DAY } from '../kit/duration.ts'
import { purgeVerifications } from './contacts.rows.ts'
import { verificationHandler } from './deliver-verification.ts'
import { purgeLinks } from './links.rows.ts'
import { purgeSessions } from './sessions.rows.ts'
import { purgeFailures } from './sign-ins.rows.ts'

const SWEEP = 'catalog.sweep'

/** Rows that open nothing any more are kept a while, so that one can see what happened, and then go. */
const sweep: TimerHandler = async (tx) => {
  await purgeSessions(tx.db, tx.now - 30 * DAY)
  await purgeVerifications(tx.db, tx.now - 30 * DAY)
  await purgeLinks(tx.db, tx.now - 30 * DAY)
  await purgeFailures(tx.db, tx.now - DAY)
  await setTimer(tx, { key: SWEEP, kind: SWEEP, dueAt: tx.now + DAY })
}

/** What exists and whose it is: sends verifications and clears out what has expired. */
export function catalogRoom(options: { channels: ChannelMap; settings: ChannelSettings }): Room {
  return {
    name: 'catalog',
    outbox: { 'catalog.verify-contact': verificationHandler(options.channels, options.settings) },
    timers: { [SWEEP]: sweep },
    async start(world) {
      await world.transact(async (tx) => {
        if (!(await findTimer(tx.db, SWEEP)))
          await setTimer(tx, { key: SWEEP, kind: SWEEP, dueAt: tx.now + DAY })
      })
    },
  }
}
