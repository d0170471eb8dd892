import type { World } from '../engine/world.ts'
import type { SeenAt } from './fold-observations.rules.ts'
import { readRecorded } from './history.rows.ts'
import type { Verdict } from './observation.ts'

/** What was really seen of a monitor over a stretch, as far as it is still kept, to be judged anew. */
export async function recordedSignal(
  world: World,
  monitorId: string,
  { from, until }: { from: number; until: number },
): Promise<SeenAt[]> {
  const rows = await readRecorded(world.store.history, monitorId, from, until)
  return rows.map(({ at, verdict, reason }) => ({
    at,
    // The history keeps no words.
    seen: { verdict: verdict as Verdict, reason, summary: `${verdict} (${reason})` },
  }))
}
