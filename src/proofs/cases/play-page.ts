import { alertOpened } from '../../alerts/index.ts'
import type { World } from '../../engine/world.ts'
import type { Millis } from '../../kit/clock.ts'
import { kindNamed, type Monitor, type Observation } from '../../monitors/index.ts'
import type { ReplicaPage } from '../drill.ts'
import { assertApart, feedUntilPaged, mutedBy, storyOf } from '../feed-replica.ts'
import type { ComposeReplica } from '../replica.ts'

export interface PlayedPage {
  onset: Millis
  /** When its alert was opened; null where none was. */
  alertedAt: Millis | null
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

/** From what a monitor sees of a fault to the page, in a replica in virtual time. */
export async function playPage(play: PagePlay): Promise<PlayedPage> {
  const { live, runId, composeReplica, monitor, healthy, broken, expected } = play
  const startAt = live.clock.now()
  const replica = await composeReplica(live, { runId, monitorId: monitor.id, startAt })
  try {
    assertApart(live, runId, replica)
    const { every, confirm, retryEvery, recover } = monitor
    const feed = {
      monitor: { everyMs: every, confirm, retryMs: retryEvery, recover },
      hears: !kindNamed(monitor.kind).check,
      ...{ healthy, broken, ...expected },
    }
    const onset = await feedUntilPaged(replica, feed, startAt)
    const story = await storyOf(replica)
    const alertedAt = story.find((fact) => alertOpened.is(fact) && fact.at >= onset)?.at ?? null
    const pages = replica.pages().filter((page) => page.at - onset <= expected.withinMs)
    return { onset, alertedAt, pages, mutedBy: mutedBy(story) }
  } finally {
    await replica.close()
  }
}
