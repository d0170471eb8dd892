import type { Loop } from '../engine/loop.ts'
import type { World } from '../engine/world.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../kit/duration.ts'
import type { HistoryRetention } from './config.ts'
import { prunePings, pruneRuns } from './heartbeats.rows.ts'
import {
  observationsAfter,
  pruneObservations,
  pruneRollups,
  readCursor,
  readTails,
  writeRollup,
} from './history.rows.ts'
import { waitingForRollUp } from './record-history.ts'
import { addSighting, Buckets, RESOLUTIONS, type Resolution } from './rollup.rules.ts'

const CHUNK = 1_000
// On PostgreSQL a later row may become visible before an earlier one; a little patience keeps the order.
const PATIENCE = { sqlite: 0, postgres: 5 * SECOND }

/** Rolls up one piece of the history; answers how many observations it took in. */
export async function rollUpChunk(world: World): Promise<number> {
  const { history, dialect } = world.store
  const from = await readCursor(history)
  const rows = await observationsAfter(history, from, world.clock.now() - PATIENCE[dialect], CHUNK)
  if (rows.length === 0) return 0
  const tails = await readTails(history, [...new Set(rows.map((row) => row.monitorId))])
  const buckets = new Buckets()
  for (const row of rows) tails.set(row.monitorId, addSighting(buckets, tails.get(row.monitorId), row))
  return (await writeRollup(history, from, rows.at(-1)!.seq, buckets, tails)) ? rows.length : 0
}

/** Rolls up everything that there is. */
export async function rollUp(world: World): Promise<void> {
  while ((await rollUpChunk(world)) > 0);
}

/** Takes observations into minutes, hours and days each minute, and lets old history go each hour. */
export function rollUpLoop(world: World, retention: HistoryRetention): Loop {
  let nextRoll = world.clock.now() + MINUTE
  let nextPrune = world.clock.now() + HOUR
  let pruning = false

  async function prune(): Promise<number> {
    const now = world.clock.now()
    const { history } = world.store
    const gone = await pruneObservations(history, now - retention.raw, await readCursor(history))
    if (gone > 0) return gone
    for (const resolution of Object.keys(RESOLUTIONS) as Resolution[])
      await pruneRollups(
        history,
        resolution,
        now - Math.max(retention[resolution], 2 * RESOLUTIONS[resolution]),
      )
    await world.store.transaction((db) => prunePings(db, now - Math.max(retention.pings, DAY)))
    // The ledger of runs is kept as long as hours are: a job of each night has few.
    await world.store.transaction((db) => pruneRuns(db, now - Math.max(retention.hour, DAY)))
    return 0
  }

  return {
    name: 'monitors.roll-up',
    // What another replica has written is found as well: the engine comes round each second in any case.
    nextDueAt: async () => (waitingForRollUp.has(world) ? Math.min(nextRoll, nextPrune) : nextPrune),
    async runDue() {
      const now = world.clock.now()
      if (now >= nextRoll) {
        // What is recorded from here on waits for the next turn, whether this one takes it in or not.
        waitingForRollUp.delete(world)
        const did = await rollUpChunk(world)
        // Full, or held back by our patience: there is more.
        const more = did >= CHUNK || (did > 0 && PATIENCE[world.store.dialect] > 0)
        if (more) waitingForRollUp.add(world)
        // One piece per turn: what else the process has to do comes in between.
        if (did >= CHUNK) return did
        nextRoll = now + MINUTE
        if (did > 0) return did
      }
      if (now >= nextPrune || pruning) {
        pruning = (await prune()) > 0
        if (pruning) return 1
        nextPrune = now + HOUR
      }
      return 0
    },
  }
}
