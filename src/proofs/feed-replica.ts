import { alertOpened } from '../alerts/index.ts'
import { type Fact, factsAfter } from '../engine/facts.ts'
import type { World } from '../engine/world.ts'
import type { Millis } from '../kit/clock.ts'
import { MINUTE } from '../kit/duration.ts'
import { type Observation, verdictChanged } from '../monitors/index.ts'
import { breathe } from './breathe.ts'
import type { Replica } from './replica.ts'

/** Invariant 7 must not rest on the one who composes the replica alone. */
export function assertApart(live: World, runId: string, { world }: Replica): void {
  if (world.drill !== runId) throw new Error('the replica is not marked as this drill')
  if (world.store === live.store || world.clock === live.clock)
    throw new Error('the replica shares the store or the clock of the live system')
}

export interface Feed {
  monitor: { everyMs: Millis; confirm: number; retryMs: Millis; recover: number }
  /** A kind that is not checked, but hears, turns at the moment in which it reports. */
  hears: boolean
  healthy: Observation
  broken: Observation
  /** Who must be paged, and until when it goes on; null for anyone. */
  person: string | null
  withinMs: Millis
}

// Healthy checks before the onset: the replica starts as a Tocsin that has been watching for a while.
const CALM_CHECKS = 3

/**
 * Feeds checks at the monitor's own pace until the right page went out or its time is over; answers the onset.
 * The fault begins right after a good check: it is the worst case that is measured, not the lucky one.
 */
export async function feedUntilPaged(replica: Replica, feed: Feed, startAt: Millis): Promise<Millis> {
  const { monitor, hears, healthy, broken, person, withinMs } = feed
  const every = hears ? MINUTE : monitor.everyMs
  // The replica begins with the monitor as it is in life, which may be down.
  const calm = Math.max(CALM_CHECKS, monitor.recover)
  for (let i = 0; i < calm; i++) {
    await replica.travelTo(startAt + i * every)
    await replica.observe(healthy)
  }
  const lastGood = startAt + (calm - 1) * every
  const onset = hears ? lastGood + every : lastGood
  const end = onset + withinMs
  let bad = 0
  for (let at = lastGood + every; at <= end; at += ++bad < monitor.confirm ? monitor.retryMs : every) {
    await breathe()
    await replica.travelTo(at)
    if (isReached(replica, person, onset)) return onset
    await replica.observe(broken)
  }
  await replica.travelTo(end)
  return onset
}

const isReached = (replica: Replica, person: string | null, onset: Millis) =>
  replica.pages().some((page) => page.at >= onset && (person === null || page.personId === person))

const LONGEST_STORY = 200

/** What the log of a replica tells, in order. */
export const storyOf = ({ world }: Replica): Promise<Fact[]> => factsAfter(world.store.read, 0, LONGEST_STORY)

/** What kept alerts quiet on purpose, where something did. */
export function mutedBy(story: readonly Fact[]): string | null {
  if (story.some((fact) => alertOpened.is(fact) && fact.data.silenced)) return 'a silence'
  return story.some((fact) => verdictChanged.is(fact) && fact.data.maintenance)
    ? 'a maintenance window'
    : null
}
