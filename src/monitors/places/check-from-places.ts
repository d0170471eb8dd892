import type { World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import type { Monitor } from '../monitor.ts'
import type { Observation } from '../observation.ts'
import { holdsFor, recordHistory } from '../record-history.ts'
import { viewsOf } from './places.rows.ts'
import { HERE, judgePlaces, type PlaceView } from './quorum.rules.ts'

// What is on its way from a place.
const ON_THE_WAY = 5 * SECOND

/** The history of a monitor as one place saw it stands under this name. */
export const historyOfPlace = (monitorId: string, place: string) => `${monitorId}@${place}`

/** Looks from here, where here is one of the places, and says what all places say together. */
export async function checkFromPlaces(
  world: World,
  monitor: Monitor,
  look: () => Promise<Observation | null>,
): Promise<Observation | null> {
  const { places } = monitor
  if (!places) return look()
  const own = places.names.includes(HERE) ? await look() : null
  const now = world.clock.now()
  const views: PlaceView[] = (await viewsOf(world.store.read, monitor.id)).filter(
    ({ place }) => place !== HERE,
  )
  if (own) {
    const { verdict, reason, summary } = own
    views.push({ place: HERE, at: now, verdict, reason, summary })
    await recordHistory(world, [
      {
        monitorId: historyOfPlace(monitor.id, HERE),
        at: now,
        holds: holdsFor(monitor),
        observation: own,
        state: { verdict, reason, summary, since: now, candidate: null, maintenance: false, version: 0 },
      },
    ])
  }
  const judged = judgePlaces(views, places, now, holdsFor(monitor) + ON_THE_WAY)
  return {
    ...(own ?? { tookMs: 0, values: {} }),
    ...judged,
    details: {
      ...(typeof own?.details === 'object' ? own.details : {}),
      places: views.map(({ place, at, verdict, reason }) => ({ place, at, verdict, reason })),
    },
  }
}
