import { iso, type Millis } from '../../kit/clock.ts'
import { allMonitors, type Monitor } from '../../monitors/index.ts'
import type { ReplayEvidence, TimelineLine } from '../drill.ts'
import type { PlayContext } from '../drills/kind.ts'
import { assertApart } from '../feed-replica.ts'
import { hashOf, type ReplayEvent, type ReplayOutcome, replaySignals } from './replay-signals.ts'
import type { Signal, Stretch } from './signal.ts'

// What a page of evidence can show, and a row can hold.
const MOST_LINES = 400

/** Every monitor of the live system that is switched on. */
export async function monitorsNow({
  live,
}: Pick<PlayContext<unknown>, 'live'>): Promise<Map<string, Monitor>> {
  const all = await allMonitors(live.store.read)
  return new Map(all.filter(({ enabled }) => enabled).map((monitor) => [monitor.id, monitor]))
}

/** Composes a replica, plays the signals in it and takes it down again. */
export async function playReplay(
  {
    live,
    runId,
    monitor,
    composeReplica,
  }: Pick<PlayContext<unknown>, 'live' | 'runId' | 'monitor' | 'composeReplica'>,
  signals: readonly Signal[],
  monitors: ReadonlyMap<string, Monitor>,
  stretch: Stretch,
): Promise<ReplayOutcome> {
  const monitorIds = signals.map(({ monitorId }) => monitorId)
  const replica = await composeReplica(live, {
    runId,
    monitorId: monitor.id,
    monitorIds,
    startAt: stretch.from,
    fresh: true,
  })
  try {
    assertApart(live, runId, replica)
    return await replaySignals(replica, signals, monitors, stretch)
  } finally {
    await replica.close()
  }
}

/** What is kept of a replay. */
export function replayEvidence(
  outcome: ReplayOutcome,
  { from, until }: Stretch,
  onset: Millis,
): Omit<ReplayEvidence, 'expectations'> {
  const counts: Record<string, number> = {}
  for (const { what } of outcome.events) counts[what] = (counts[what] ?? 0) + 1
  const shown = outcome.events.slice(0, MOST_LINES)
  return {
    from: iso(from),
    until: iso(until),
    observations: outcome.observations,
    hash: hashOf(outcome),
    counts,
    wouldBe: shown.map((event) => lineOf(event, onset)),
    left: outcome.events.length - shown.length,
  }
}

function lineOf({ at, what, monitorId, state, text }: ReplayEvent, onset: Millis): TimelineLine {
  const about = monitorId === null || what === 'page' ? '' : `${monitorId}: `
  const said = what === 'page' || what === 'update' ? text : `${state}${text ? `, ${text}` : ''}`
  return { at: iso(at), afterMs: at - onset, what, text: `${about}${said}`.slice(0, 500) }
}
