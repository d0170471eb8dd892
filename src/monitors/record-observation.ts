import { type Actor, systemActor, type Tx, type World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { isTold, type Turn } from './fold-observations.rules.ts'
import { keepInventory, sightingOf } from './keep-inventory.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import { findDefinition } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { holdsFor, recordHistory } from './record-history.ts'
import { findState, updateState, writeTrace } from './states.rows.ts'
import { withWhatRenewsIt } from './tell-renewal.ts'
import { tellVerdict } from './tell-verdict.ts'
import {
  changesState,
  type Thresholds,
  takeObservation,
  type VerdictOutcome,
  type VerdictStep,
} from './verdict.rules.ts'

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
  const before = await stateOf(tx, monitor)
  const step = takeObservation(before, input.observation, input.at ?? tx.now, input.thresholds ?? monitor)
  return storeStepIn(tx, world, monitor, before, step, input)
}

/**
 * Takes over what a fold of many observations came to: only the turn is stored and told, as it would have been if
 * each of them had been recorded by itself.
 */
export async function adoptTurn(world: World, monitorId: string, turn: Turn): Promise<void> {
  await world.transact(async (tx) => {
    const monitor = await findDefinition(tx.db, monitorId)
    if (!monitor) throw new TocsinError('not-found', `There is no monitor "${monitorId}".`)
    const before = await stateOf(tx, monitor)
    const { maintenance, version } = before
    const step = { ...turn.step, state: { ...turn.step.state, maintenance, version } }
    const observation = { tookMs: 0, values: {}, ...turn.seen }
    await storeStepIn(tx, world, monitor, before, step, { observation, at: turn.at })
  })
}

async function stateOf(tx: Tx, monitor: Monitor): Promise<MonitorState> {
  const state = await findState(tx.db, monitor.id)
  if (!state) throw new Error(`the monitor ${monitor.id} has no state`)
  return state
}

async function storeStepIn(
  tx: Tx,
  world: World,
  monitor: Monitor,
  before: MonitorState,
  step: VerdictStep,
  input: Omit<ObservationInput, 'monitorId'>,
): Promise<Recorded> {
  const { observation, at = tx.now, actor = ours } = input
  const { outcome } = step
  const told = isTold(step)
  const { summary } = told ? await withWhatRenewsIt(tx.db, monitor, observation) : step.state
  const state = { ...step.state, summary }
  await writeTrace(tx.db, { monitorId: monitor.id, at, nextAt: input.nextAt ?? null, observation })
  if (!changesState(outcome)) return { outcome, state }
  const stored = { ...state, version: before.version + 1 }
  if (!(await updateState(tx.db, monitor.id, stored)))
    throw new TocsinError(
      'wrong-state',
      `The monitor "${monitor.id}" was judged by somebody else at the same time.`,
    )
  if (told)
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
