import { createHash } from 'node:crypto'
import { alertAcknowledged, alertChanged, alertOpened, alertResolved } from '../../alerts/index.ts'
import { updatePublished } from '../../comms/index.ts'
import { type Fact, factsAfter } from '../../engine/facts.ts'
import { incidentOpened, incidentStateChanged } from '../../incidents/index.ts'
import type { Millis } from '../../kit/clock.ts'
import { canonicalJson } from '../../kit/json.ts'
import {
  foldAtPace,
  foldObservations,
  kindNamed,
  type Monitor,
  neverChecked,
  ONCE,
  phaseOf,
  type Turn,
  verdictChanged,
} from '../../monitors/index.ts'
import { breathe } from '../breathe.ts'
import type { ReplicaPage } from '../drill.ts'
import type { Replica } from '../replica.ts'
import type { Signal, Stretch } from './signal.ts'

/** One thing that came of a replay, in the words of the log. */
export interface ReplayEvent {
  at: Millis
  what: 'verdict' | 'alert' | 'page' | 'incident' | 'update'
  /** What it is about: the monitor, where there is one. */
  monitorId: string | null
  /** `down`, `opened`, `resolved`, a person, a severity, the status of an update. */
  state: string
  reason: string
  text: string
  /** Of a verdict: since when it holds. */
  since?: Millis
}

/** What came of a replay: every event in the order of time, without any random id, so that it can be compared. */
export interface ReplayOutcome {
  observations: number
  events: ReplayEvent[]
}

/** The turns of one signal, judged by the monitor as it is today. */
export function foldSignal(
  monitor: Pick<Monitor, 'id' | 'kind' | 'every' | 'retryEvery' | 'confirm' | 'recover'>,
  signal: Signal,
  stretch: Stretch,
): { turns: Turn[]; observations: number } {
  const start = neverChecked(stretch.from)
  // What hears rather than looks is told once and for certain.
  const hears = !kindNamed(monitor.kind).check
  if ('recorded' in signal) return foldObservations(start, signal.recorded, hears ? ONCE : monitor)
  const first = stretch.from + Math.floor(phaseOf(monitor.id) * monitor.every)
  const pace = hears ? { ...ONCE, every: monitor.every, retryEvery: monitor.every } : monitor
  return foldAtPace(start, signal.look, { first, until: stretch.until }, pace)
}

/**
 * Plays signals against a replica in virtual time. The observations are folded by the rules alone, which takes
 * seconds for millions of them; what turns is handed to the replica at its instant, and everything that follows
 * from it (alerts, escalation, pages, incidents, updates) happens there as it would in life.
 */
export async function replaySignals(
  replica: Replica,
  signals: readonly Signal[],
  monitors: ReadonlyMap<string, Monitor>,
  stretch: Stretch,
): Promise<ReplayOutcome> {
  const turns: { monitorId: string; turn: Turn }[] = []
  let observations = 0
  for (const signal of signals) {
    const monitor = monitors.get(signal.monitorId)
    if (!monitor) throw new Error(`the replay has no monitor "${signal.monitorId}"`)
    const folded = foldSignal(monitor, signal, stretch)
    observations += folded.observations
    for (const turn of folded.turns) turns.push({ monitorId: monitor.id, turn })
    await breathe()
  }
  turns.sort((a, b) => a.turn.at - b.turn.at || (a.monitorId < b.monitorId ? -1 : 1))
  for (const { monitorId, turn } of turns) {
    await replica.travelTo(turn.at)
    await replica.adopt(monitorId, turn)
    await breathe()
  }
  await replica.travelTo(stretch.until)
  return { observations, events: await readEvents(replica) }
}

const FACTS_AT_ONCE = 5_000

/** What the log and the channels of a replica tell, in the order of time. */
export async function readEvents(replica: Replica): Promise<ReplayEvent[]> {
  const events = replica.pages().map(pageEvent)
  const alerts = new Map<string, string | null>()
  for (let seq = 0; ; ) {
    const facts = await factsAfter(replica.world.store.read, seq, FACTS_AT_ONCE)
    for (const fact of facts) {
      if (alertOpened.is(fact)) alerts.set(fact.data.alertId, fact.data.monitorId)
      const event = eventOf(fact, alerts)
      if (event) events.push(event)
    }
    if (facts.length < FACTS_AT_ONCE) break
    seq = facts.at(-1)!.seq
  }
  return events.sort(inOrder)
}

function pageEvent(page: ReplicaPage): ReplayEvent {
  const { at, monitorId, personId: state, step: reason } = page
  return { at, what: 'page', monitorId, state, reason, text: `${state} is paged by ${page.channel}` }
}

function eventOf(fact: Fact, alerts: ReadonlyMap<string, string | null>): ReplayEvent | null {
  // A verdict counts from the first look that saw it; it is known, and told, when it is confirmed.
  const at = fact.writtenAt
  if (verdictChanged.is(fact)) {
    const { monitorId, to, reason, summary, maintenance, since } = fact.data
    const text = `${summary}${maintenance ? ', in a maintenance window' : ''}`
    return { at, what: 'verdict', monitorId, state: to, reason, text, since }
  }
  if (alertOpened.is(fact)) {
    const { monitorId, severity, title, silenced, reason } = fact.data
    const text = `${severity}: ${title}${silenced ? ', under a silence' : ''}`
    return { at, what: 'alert', monitorId, state: 'opened', reason, text }
  }
  if (alertChanged.is(fact) || alertAcknowledged.is(fact) || alertResolved.is(fact)) {
    const monitorId = alerts.get(fact.subject) ?? null
    const state = fact.type.slice('alert.'.length)
    const reason = 'reason' in fact.data ? fact.data.reason : fact.data.via
    return { at, what: 'alert', monitorId, state, reason, text: `the alert is ${state}` }
  }
  if (incidentOpened.is(fact)) {
    const { severity, title, detection } = fact.data
    return { at, what: 'incident', monitorId: null, state: severity, reason: detection, text: title }
  }
  if (incidentStateChanged.is(fact)) {
    const { from, to, reason } = fact.data
    return { at, what: 'incident', monitorId: null, state: to, reason, text: `from ${from} to ${to}` }
  }
  if (updatePublished.is(fact)) {
    const { status, body } = fact.data
    return { at, what: 'update', monitorId: null, state: status, reason: 'automatic', text: body }
  }
  return null
}

const ORDER = ['verdict', 'alert', 'incident', 'update', 'page']

// What happens in one instant has no order in life; here it gets one, so that the same seed gives the same bytes.
function inOrder(a: ReplayEvent, b: ReplayEvent): number {
  return a.at - b.at || ORDER.indexOf(a.what) - ORDER.indexOf(b.what) || compareText(lineOf(a), lineOf(b))
}

const lineOf = ({ monitorId, state, reason, text }: ReplayEvent) =>
  `${monitorId ?? ''} ${state} ${reason} ${text}`
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** SHA-256 over what came of a replay: two that came to the same have the same. */
export function hashOf(outcome: unknown): string {
  return createHash('sha256').update(canonicalJson(outcome)).digest('hex')
}
