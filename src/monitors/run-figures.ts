import type { Reader } from '../store/store.ts'
import { heartbeatHistories, runDurations } from './heartbeats.rows.ts'
import { usualDuration } from './kinds/heartbeat/duration-trend.rules.ts'

/** What the ledger of one job adds up to. */
export interface RunFigures {
  usual: { medianMs: number; spreadMs: number; runs: number } | null
  missed: number
}

/** How long the runs of a job usually take, and how many never came. */
export async function runFigures(db: Reader, monitorId: string): Promise<RunFigures> {
  const usual = usualDuration(await runDurations(db, monitorId))
  const heard = (await heartbeatHistories(db, [monitorId])).get(monitorId)
  return {
    usual: usual && { medianMs: usual.median, spreadMs: usual.spread, runs: usual.runs },
    missed: heard?.missed ?? 0,
  }
}
