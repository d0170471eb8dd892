import { type Actor, systemActor, type Tx, type World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { keepInventory, sightingOf } from './keep-inventory.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import { findDefinition } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { holdsFor, recordHistory } from './record-history.ts'
import { findState, updateState, writeTrace } from './states.rows.ts'
import { withWhatRenewsIt } from './tell-renewal.ts'
import { tellVerdict } from './tell-verdict.ts'
import { changesState, type Thresholds, takeObservation, type VerdictOutcome } from './verdict.rules.ts'

/** What became of an observation. */
export interface Recorded {
  outcome: VerdictOutcome
  state: MonitorState
}

export interface ObservationInput {
  monitorId: string
  observation: Observation
  /** When it was seen; now, when left out. */
  at?: number
  /** When the next check is due, where that is known. */
  nextAt?: number | null
  /** In place of the monitor's own: what needs no confirmation has 1 and 1. */
  thresholds?: Thresholds
  actor?: Actor
}

const ours = systemActor('monitors')

/** Judges an observation in the transaction given; writes a fact only when what is confirmed changes. */
export async function recordObservationIn(
  tx: Tx,
  world: World,
  monitor: Monitor,
  input: Omit<ObservationInput, 'monitorId'>,
): Promise<Recorded> {
  const { observation, at = tx.now, actor = ours } = input
  const before = await findState(tx.db, monitor.id)
  if (!before) throw new Error(`the monitor ${monitor.id} has no state`)
  const step = takeObservation(before, observation, at, input.thresholds ?? monitor)
  const { outcome } = step
  const isTold = outcome === 'turned' || outcome === 'another-reason'
  const { summary } = isTold ? await withWhatRenewsIt(tx.db, monitor, observation) : step.state
  const state = { ...step.state, summary }
  await writeTrace(tx.db, { monitorId: monitor.id, at, nextAt: input.nextAt ?? null, observation })
  if (!changesState(outcome)) return { outcome, state }
  const stored = { ...state, version: before.version + 1 }
  if (!(await updateState(tx.db, monitor.id, stored)))
    throw new TocsinError(
      'wrong-state',
      `The monitor "${monitor.id}" was judged by somebody else at the same time.`,
    )
  if (isTold)
    await tellVerdict(
      tx,
      world,
      actor,
      monitor,
      before.verdict,
      state,
      outcome === 'turned' ? state.since : at,
    )
  return { outcome, state: stored }
}

/** Judges and stores one observation, as if the monitor had just been checked. */
export async function recordObservation(world: World, input: ObservationInput): Promise<Recorded> {
  let monitor: Monitor | null = null
  const recorded = await world.transact(async (tx) => {
    monitor = await findDefinition(tx.db, input.monitorId)
    if (!monitor) throw new TocsinError('not-found', `There is no monitor "${input.monitorId}".`)
    const sighting = sightingOf(input.monitorId, input.observation, input.at ?? tx.now)
    await keepInventory(tx.db, sighting ? [sighting] : [])
    return recordObservationIn(tx, world, monitor, input)
  })
  const { observation, at = world.clock.now() } = input
  const entry = {
    monitorId: input.monitorId,
    at,
    holds: holdsFor(monitor!),
    observation,
    state: recorded.state,
  }
  await recordHistory(world, [entry])
  return recorded
}
