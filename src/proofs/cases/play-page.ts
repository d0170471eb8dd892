import { alertOpened } from '../../alerts/index.ts'
import { factsAfter } from '../../engine/facts.ts'
import type { World } from '../../engine/world.ts'
import type { Millis } from '../../kit/clock.ts'
import { MINUTE } from '../../kit/duration.ts'
import { kindNamed, type Monitor, type Observation, verdictChanged } from '../../monitors/index.ts'
import { breathe } from '../breathe.ts'
import type { ReplicaPage } from '../drill.ts'
import type { ComposeReplica, Replica } from '../replica.ts'

export interface PlayedPage {
  onset: Millis
  pages: ReplicaPage[]
  /** What keeps alerts quiet on purpose, where something does. */
  mutedBy: string | null
}

export interface PagePlay {
  live: World
  runId: string
  composeReplica: ComposeReplica
  monitor: Monitor
  healthy: Observation
  broken: Observation
  expected: { person: string | null; withinMs: Millis }
}

const CALM_CHECKS = 3
const LONGEST_STORY = 200

/**
 * From what a monitor sees of a fault to the page, in a replica in virtual time. The fault begins right after a good
 * check: the worst case counts, not the lucky one.
 */
export async function playPage(play: PagePlay): Promise<PlayedPage> {
  const { live, runId, composeReplica, monitor, expected } = play
  const startAt = live.clock.now()
  const replica = await composeReplica(live, { runId, monitorId: monitor.id, startAt })
  try {
    // Invariant 7 must not rest on the one who composes the replica alone.
    const { world } = replica
    if (world.drill !== runId || world.store === live.store || world.clock === live.clock)
      throw new Error('the replica is not apart from the live system')
    const onset = await feed(replica, play, startAt)
    const facts = await factsAfter(world.store.read, 0, LONGEST_STORY)
    const mutedBy = facts.some((fact) => alertOpened.is(fact) && fact.data.silenced)
      ? 'a silence'
      : facts.some((fact) => verdictChanged.is(fact) && fact.data.maintenance)
        ? 'a maintenance window'
        : null
    const pages = replica.pages().filter((page) => page.at - onset <= expected.withinMs)
    return { onset, pages, mutedBy }
  } finally {
    await replica.close()
  }
}

async function feed(replica: Replica, play: PagePlay, startAt: Millis): Promise<Millis> {
  const { monitor, healthy, broken, expected } = play
  // A kind that is not checked, but hears, turns at the moment in which it reports.
  const hears = !kindNamed(monitor.kind).check
  const every = hears ? MINUTE : monitor.every
  const calm = Math.max(CALM_CHECKS, monitor.recover)
  for (let i = 0; i < calm; i++) {
    await replica.travelTo(startAt + i * every)
    await replica.observe(healthy)
  }
  const lastGood = startAt + (calm - 1) * every
  const onset = hears ? lastGood + every : lastGood
  const end = onset + expected.withinMs
  let bad = 0
  for (let at = lastGood + every; at <= end; at += ++bad < monitor.confirm ? monitor.retryEvery : every) {
    await breathe()
    await replica.travelTo(at)
    if (reached(replica, expected.person, onset)) return onset
    await replica.observe(broken)
  }
  await replica.travelTo(end)
  return onset
}

const reached = (replica: Replica, person: string | null, onset: Millis) =>
  replica.pages().some((page) => page.at >= onset && (person === null || page.personId === person))
