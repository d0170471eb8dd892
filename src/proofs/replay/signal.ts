import type { Millis } from '../../kit/clock.ts'
import type { Seen, SeenAt } from '../../monitors/index.ts'

/**
 * What there is to be seen of one monitor over a stretch of time: what was recorded, as it stands, or what a look at
 * an instant would find. The second is looked at by the pace of the monitor as it is configured today.
 */
export type Signal = { monitorId: string } & ({ recorded: Iterable<SeenAt> } | { look: (at: Millis) => Seen })

/** From when until before when. */
export interface Stretch {
  from: Millis
  until: Millis
}

/** All is well, as far as a signal can tell. */
export const WELL: Seen = { verdict: 'up', reason: 'ok', summary: 'it answers' }
