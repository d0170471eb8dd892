import type { OutboxHandler } from '../engine/outbox.ts'
import type { World } from '../engine/world.ts'
import { MINUTE } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { findMonitor, kindNamed, type Monitor } from '../monitors/index.ts'
import { conclude } from './conclude-run.ts'
import { ownSettings } from './config.ts'
import type { StartDisposable } from './disposable.ts'
import { beginRun, type DrillRun, findDrill, findRun } from './drill.rows.ts'
import type { Conclusion } from './drill.ts'
import type { MonitorUnderDrill, ReachPerson } from './drills/kind.ts'
import { drillKindNamed } from './drills/registry.ts'
import { listScores } from './fault-score.rows.ts'
import { playClock } from './play-clock.ts'
import type { ComposeReplica } from './replica.ts'

/** Reasons that the player itself gives, beside those of the kinds. */
export const PLAYER_REASONS = [
  'did-not-finish',
  'monitor-gone',
  'monitor-disabled',
  'drill-gone',
  'broke',
] as const
type PlayerReason = (typeof PLAYER_REASONS)[number]

/** What the application hands in. */
export interface PlayMeans {
  composeReplica: ComposeReplica
  reach: ReachPerson | null
  startDisposable: StartDisposable | null
}

/** Plays queued runs: outside any transaction, and again where a process died in the middle. */
export function drillPlayer(means: PlayMeans): OutboxHandler {
  return {
    attempts: 3,
    timeoutMs: 10 * MINUTE,
    async deliver(world, item) {
      const { runId } = item.payload as { runId: string }
      const begun = await world.transact((tx) => beginRun(tx, runId))
      const run = await findRun(world.store.read, runId)
      if (!begun || !run) return { result: 'sent', detail: 'it has ended before' }
      await conclude(world, run, await play(world, run, means))
      return { result: 'sent' }
    },
    async settled(tx, world, item, delivery) {
      if (delivery.result === 'sent') return
      const { runId } = item.payload as { runId: string }
      const run = await findRun(tx.db, runId)
      if (!run) return
      const summary = 'The drill could not be played to its end.'
      const error = 'reason' in delivery ? delivery.reason : ''
      await conclude(world, run, inconclusive('did-not-finish', summary, error), tx)
    },
  }
}

async function play(world: World, run: DrillRun, means: PlayMeans): Promise<Conclusion> {
  const db = world.store.read
  const drill = await findDrill(db, run.drillId)
  const kind = drill && drillKindNamed(drill.kind)
  if (!kind) return inconclusive('drill-gone', 'The drill was removed before it was played.')
  const monitor = kind.needsMonitor === false ? null : await findMonitor(db, drill.monitorId)
  if (kind.needsMonitor !== false) {
    // Who takes the monitor away has not made the drill impossible: what it watched for would pass unseen today.
    if (!monitor) return unseen('monitor-gone', `There is no monitor "${drill.monitorId}" any more.`)
    if (!monitor.enabled) return unseen('monitor-disabled', `The monitor "${monitor.id}" is switched off.`)
  }
  try {
    return await kind.play({
      live: world,
      runId: run.id,
      // A kind that needs none does not look at it.
      monitor: (monitor && underDrill(monitor))!,
      settings: ownSettings(kind, drill.settings),
      clock: playClock(world.clock),
      ...means,
      playedBefore: monitor ? (await listScores(db, monitor.id)).map(({ fault }) => fault) : [],
    })
  } catch (error) {
    // A drill that breaks must be seen as such, not tried until it looks like an answer.
    world.log.error({ drill: drill.id, run: run.id, error: reasonOf(error) }, 'a drill broke')
    return inconclusive(
      'broke',
      'The drill itself broke; this says nothing about the monitor.',
      reasonOf(error),
    )
  }
}

function underDrill(monitor: Monitor): MonitorUnderDrill {
  return {
    id: monitor.id,
    kind: kindNamed(monitor.kind),
    spec: monitor.spec,
    everyMs: monitor.every,
    confirm: monitor.confirm,
    retryMs: monitor.retryEvery,
    recover: monitor.recover,
  }
}

function unseen(reason: PlayerReason, summary: string): Conclusion {
  return { outcome: 'failed', reason, summary, evidence: {} }
}

function inconclusive(reason: PlayerReason, summary: string, error?: string): Conclusion {
  return { outcome: 'inconclusive', reason, summary, evidence: error ? { error } : {} }
}
