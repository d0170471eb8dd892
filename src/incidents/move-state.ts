import { cancelTimer, setTimer } from '../engine/timers.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { formatDuration } from '../kit/duration.ts'
import { wrongState } from '../kit/errors.ts'
import { incidentStateChanged } from './facts.ts'
import type { IncidentHead, IncidentState, StateReason } from './incident.ts'
import { readSettings } from './incident-parts.rows.ts'
import { moveRow } from './incidents.rows.ts'
import { decideMove, timesAfterMove } from './state.rules.ts'
import { insertEntry } from './timeline.rows.ts'

/** The kind of the durable timer that ends a watch period. */
export const WATCH_TIMER = 'incidents.watch'

/** The timer of one incident's watch period. */
export function watchKey(incidentId: string): string {
  return `incident:${incidentId}:watch`
}

const REFUSED = {
  'already-there': 'It is in this state already.',
  'closed-is-final': 'A closed incident stays closed: open another one, and link the two.',
  'resolve-first': 'Resolve the incident before closing it.',
  'not-from-here': 'Its present state does not lead there.',
} as const

const SAID: Record<IncidentState, string> = {
  declared: 'Incident open again',
  mitigated: 'Mitigated: users no longer feel it',
  'believed-resolved': 'Believed resolved',
  resolved: 'Resolved',
  closed: 'Closed',
}

const WHY: Record<StateReason, string> = {
  'opened-by-rule': '',
  'opened-by-person': '',
  'changed-by-person': '',
  'all-alerts-resolved': 'all its alerts are resolved',
  'watch-period-passed': 'it stayed quiet for the watch period',
  'alert-opened-again': 'an alert opened again',
}

/** Moves an incident to another state: one compare-and-set, the watch timer, a fact and an entry. */
export async function moveStateIn(
  tx: Tx,
  world: World,
  actor: Actor,
  incident: IncidentHead,
  to: IncidentState,
  reason: StateReason,
): Promise<void> {
  const decision = decideMove(incident.state, to)
  if (decision.outcome === 'refuse')
    throw wrongState(`From "${incident.state}" to "${to}": ${REFUSED[decision.reason]}`)
  const reopened = incident.reopened + (decision.reopens ? 1 : 0)
  const moved = await moveRow(tx, incident, {
    state: to,
    reason,
    since: tx.now,
    reopened,
    ...timesAfterMove(incident, to, tx.now),
  })
  if (!moved) throw wrongState('Somebody else changed the state at the same moment: look again.')
  let suffix = WHY[reason] ? `: ${WHY[reason]}` : ''
  if (to === 'believed-resolved')
    suffix += `; watched for ${formatDuration(await beginWatch(tx, incident.id))}`
  else await cancelTimer(tx, watchKey(incident.id))
  if (decision.reopens) suffix += ` (re-opened for the ${ordinal(reopened)} time)`
  const fact = await incidentStateChanged.append(tx, world, {
    subject: incident.id,
    actor,
    data: { incidentId: incident.id, from: incident.state, to, reason, reopened },
  })
  await insertEntry(tx, {
    incidentId: incident.id,
    happenedAt: tx.now,
    kind: 'state',
    text: `${SAID[to]}${suffix}`,
    actor: actor.id,
    actorName: actor.name,
    factSeq: fact.seq,
  })
}

/** Sets the timer that ends the watch period, anew where it runs; answers how long it is. */
async function beginWatch(tx: Tx, incidentId: string): Promise<number> {
  const { believedResolvedFor } = await readSettings(tx.db)
  await setTimer(tx, {
    key: watchKey(incidentId),
    kind: WATCH_TIMER,
    dueAt: tx.now + believedResolvedFor,
    payload: { incidentId },
  })
  return believedResolvedFor
}

/** The last alert of an incident that a person had believed to be over: the watch counts from here. */
export async function watchAnewIn(
  tx: Tx,
  world: World,
  actor: Actor,
  incident: IncidentHead,
  reason: StateReason,
): Promise<void> {
  if (!(await moveRow(tx, incident, { ...incident, reason, since: tx.now })))
    throw wrongState('Somebody else changed the state at the same moment: look again.')
  const { id: incidentId, state, reopened } = incident
  const watched = formatDuration(await beginWatch(tx, incidentId))
  const fact = await incidentStateChanged.append(tx, world, {
    subject: incidentId,
    actor,
    data: { incidentId, from: state, to: state, reason, reopened },
  })
  await insertEntry(tx, {
    incidentId,
    happenedAt: tx.now,
    kind: 'state',
    text: `${SAID[state]}: ${WHY[reason]}; watched for ${watched} from here`,
    actor: actor.id,
    actorName: actor.name,
    factSeq: fact.seq,
  })
}

function ordinal(n: number): string {
  const tail = n % 100
  const ending = tail > 10 && tail < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}
