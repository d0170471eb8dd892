import {
  type Delivery,
  enqueue,
  forgetSettled,
  type OutboxHandler,
  type OutboxItem,
} from '../../engine/outbox.ts'
import type { TimerHandler } from '../../engine/timers.ts'
import type { Tx, World } from '../../engine/world.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../kit/duration.ts'
import { newId } from '../../kit/ids.ts'
import { claimActionIn } from '../claim-action.ts'
import type { Action } from '../postmortem.ts'
import { findAction, findPostmortem } from '../postmortems.rows.ts'
import { takeBackActionIn } from '../take-back-action.ts'
import { askTracker } from './ask-tracker.ts'
import { nextAttemptAt } from './classify-answer.rules.ts'
import { type ConfiguredTracker, findTracker, trackersOf } from './configured-trackers.ts'
import { actionIssueFailed, actionIssueLinked, actionIssueMended, actionIssueMoved } from './facts.ts'
import { followIssue } from './follow-issue.rules.ts'
import {
  type ActionIssue,
  attemptNote,
  countFlights,
  findIssue,
  settleNote,
  updateIssue,
  waitingNotes,
} from './issues.rows.ts'
import { issueDraft, issueMarker, noteMarker } from './say-in-tracker.rules.ts'
import { pausedUntil, pauseTracker, resumeTracker } from './standings.rows.ts'
import { trackerActor as actor, SYNC, syncBy, TRACKER_ACTOR } from './sync-timer.ts'
import { tellTracker } from './tell-tracker.ts'
import { type Ask, type IssueSeen, TrackerFailed } from './tracker.ts'

// Clocks of two machines differ: an issue may seem older than the wish for it.
const MARGIN = 10 * MINUTE
const SPREAD = 30_000
// Trackers do not like to be asked many things at once.
const AT_ONCE = 4

/** Begins one synchronization; while one is under way, another is only noted. */
export const syncDue: TimerHandler = async (tx, _world, timer: { payload: { actionId: string } }) => {
  const { actionId } = timer.payload
  const issue = await findIssue(tx.db, actionId)
  if (!issue) return
  if (issue.flight !== null) {
    await updateIssue(tx, actionId, { again: 1 })
    return
  }
  const paused = await pausedUntil(tx.db, issue.tracker)
  if (paused > tx.now) {
    // Not all of them in the moment in which the tracker allows it again.
    const spread = Number.parseInt(actionId.slice(-4), 16) % SPREAD || 0
    await syncBy(tx, actionId, paused + spread)
    return
  }
  if ((await countFlights(tx.db, issue.tracker)) >= AT_ONCE) {
    await syncBy(tx, actionId, tx.now + SECOND)
    return
  }
  const flight = newId(tx.now)
  await updateIssue(tx, actionId, { flight, again: 0 })
  await enqueue(tx, {
    kind: SYNC,
    key: `sync-issue:${flight}`,
    topic: `issue:${actionId}`,
    payload: { actionId, flight },
  })
}

interface Payload {
  actionId: string
  flight: string
}

interface Flight {
  world: World
  tracker: ConfiguredTracker
  ask: Ask
  flight: string
  action: Action
}

async function fly(world: World, { actionId, flight }: Payload, signal: AbortSignal): Promise<Delivery> {
  const db = world.store.read
  const issue = await findIssue(db, actionId)
  const action = await findAction(db, actionId)
  if (!issue || !action || issue.flight !== flight) return { result: 'sent', detail: 'overtaken' }
  try {
    const tracker = findTracker(world, issue.tracker)
    if (!tracker)
      throw new TrackerFailed('not-configured', `the configuration has no tracker "${issue.tracker}"`)
    const { egress } = trackersOf(world)
    const ask = askTracker(tracker.kind, tracker.settings, { clock: world.clock, egress, signal })
    await sync({ world, tracker, ask, flight, action }, issue)
    return { result: 'sent' }
  } catch (error) {
    if (!(error instanceof TrackerFailed)) throw error
    await world.transact((tx) => noteFailure(tx, world, actionId, flight, error))
    return { result: 'sent', detail: `${error.reason}: ${error.message}` }
  }
}

async function sync(its: Flight, asked: ActionIssue): Promise<void> {
  const { world, tracker, ask } = its
  const issue = asked.number === null ? await bring(its, asked) : asked
  if (!issue) return
  const ref = { project: issue.project, number: issue.number! }
  const seen = await tracker.kind.read(ask, tracker.settings, ref, issue.etag)
  const stands = seen === 'unchanged' ? issue.state : seen.state
  if (seen !== 'unchanged' && !(await world.transact((tx) => noteSeen(tx, its, seen)))) return
  await tellNotes(its, ref, stands)
  await world.transact((tx) => land(tx, its))
}

/** Creates the issue, unless an attempt whose end nobody lived to see has done so. */
async function bring(its: Flight, issue: ActionIssue): Promise<ActionIssue | null> {
  const { world, tracker, ask, flight, action } = its
  const { kind, settings } = tracker
  const mark = { attempted_at: issue.attemptedAt ?? world.clock.now() }
  if (!(await world.transact((tx) => updateIssue(tx, action.id, mark, flight)))) return null
  const marker = issueMarker(action.id)
  const found = await kind.find(ask, settings, issue.project, marker, issue.askedAt - MARGIN)
  const made = found ?? (await create(its, issue))
  return world.transact(async (tx) => {
    const { ref, url, title } = made
    const known = { project: ref.project, number: ref.number, url, title }
    if (!(await updateIssue(tx, action.id, known, flight))) return null
    await actionIssueLinked.append(tx, world, {
      subject: action.id,
      actor,
      data: {
        actionId: action.id,
        tracker: tracker.name,
        number: ref.number,
        url,
        how: found ? 'found' : 'created',
      },
    })
    return findIssue(tx.db, action.id)
  })
}

async function create({ world, tracker, ask, action }: Flight, issue: ActionIssue): Promise<IssueSeen> {
  const postmortem = await findPostmortem(world.store.read, action.postmortemId)
  const draft = issueDraft(action, {
    postmortem: postmortem?.title ?? '',
    url: `${world.publicUrl}/actions/${action.id}`,
    labels: tracker.settings.labels,
  })
  return tracker.kind.create(ask, tracker.settings, issue.project, draft)
}

/** Keeps how the issue stands, and lets the action follow; answers whether this flight is still the one. */
async function noteSeen(
  tx: Tx,
  { world, tracker, flight, action }: Flight,
  seen: IssueSeen,
): Promise<boolean> {
  const issue = await findIssue(tx.db, action.id)
  const present = await findAction(tx.db, action.id)
  if (!issue || !present || issue.flight !== flight) return false
  const wanted = (await waitingNotes(tx.db, action.id)).findLast((note) => note.wanted !== null)?.wanted
  const decision = followIssue({
    action: present,
    before: issue,
    seen,
    opening: wanted === 'open',
    trackerActor: TRACKER_ACTOR,
  })
  await updateIssue(tx, action.id, {
    url: seen.url,
    title: seen.title,
    issue_state: seen.state,
    closed_at: seen.closedAt,
    etag: seen.etag,
  })
  if (issue.state !== null && issue.state !== seen.state) {
    const { outcome, reason } = decision
    const fact = await actionIssueMoved.append(tx, world, {
      subject: action.id,
      actor,
      data: {
        actionId: action.id,
        tracker: tracker.name,
        number: seen.ref.number,
        to: seen.state,
        effect: outcome === 'nothing' ? reason : outcome,
      },
    })
    if (reason === 'given-up')
      await tellTracker(tx, world, action.id, 'given-up', { seq: fact.seq, reason: null })
  }
  const name = seen.ref.number.includes('-') ? seen.ref.number : `${seen.ref.project}#${seen.ref.number}`
  if (decision.outcome === 'claim')
    await claimActionIn(tx, world, { ...actor, name: `the closing of ${name}` }, present)
  if (decision.outcome === 'take-back' && present.state === 'claimed')
    await takeBackActionIn(tx, world, actor, { ...present, state: 'claimed' }, `${name} was opened again`)
  return true
}

/** Says what is still to be said, and brings the issue to where the last of it wants it. */
async function tellNotes(
  { world, tracker, ask, action }: Flight,
  ref: { project: string; number: string },
  stands: 'open' | 'closed' | null,
): Promise<void> {
  const { kind, settings } = tracker
  const notes = await waitingNotes(world.store.read, action.id)
  const last = notes.findLast((note) => note.wanted !== null)
  for (const note of notes) {
    const marker = noteMarker(note.id)
    const told =
      note.attempts > 0 && (await kind.hasComment(ask, settings, ref, marker, note.createdAt - MARGIN))
    if (!told) {
      await world.transact((tx) => attemptNote(tx, note.id))
      await kind.comment(ask, settings, ref, note.said, marker)
    }
    if (note === last && note.wanted !== stands) {
      const moved = await kind.setState(ask, settings, ref, note.wanted!)
      await world.transact((tx) =>
        updateIssue(tx, action.id, { issue_state: moved.state, closed_at: moved.closedAt, etag: null }),
      )
    }
    await world.transact((tx) => settleNote(tx, note.id, 'told'))
  }
}

async function land(tx: Tx, { world, tracker, flight, action }: Flight): Promise<void> {
  const issue = await findIssue(tx.db, action.id)
  if (!issue || issue.flight !== flight) return
  const present = await findAction(tx.db, action.id)
  const waits = issue.again || (await waitingNotes(tx.db, action.id)).length > 0
  const nextAt = waits ? tx.now : present?.state === 'dropped' ? null : tx.now + tracker.settings.lookEvery
  await updateIssue(tx, action.id, {
    ...{ flight: null, again: 0, looked_at: tx.now, next_at: nextAt },
    ...{ failures: 0, failure: null, failure_detail: null, failed_at: null },
  })
  if ((await pausedUntil(tx.db, issue.tracker)) <= tx.now) await resumeTracker(tx, issue.tracker)
  if (issue.failure !== null)
    await actionIssueMended.append(tx, world, {
      subject: action.id,
      actor,
      data: { actionId: action.id, tracker: issue.tracker, after: issue.failure },
    })
  if (nextAt !== null) await syncBy(tx, action.id, nextAt)
}

async function noteFailure(
  tx: Tx,
  world: World,
  actionId: string,
  flight: string,
  failed: Pick<TrackerFailed, 'reason' | 'message' | 'retryAt'>,
): Promise<void> {
  const issue = await findIssue(tx.db, actionId)
  if (!issue || issue.flight !== flight) return
  const nextAt = nextAttemptAt(failed, issue.failures, tx.now)
  await updateIssue(tx, actionId, {
    ...{ flight: null, again: 0, next_at: nextAt, failures: issue.failures + 1 },
    ...{ failure: failed.reason, failure_detail: failed.message, failed_at: tx.now },
  })
  // What keeps everybody out, or asks everybody to wait, is not tried for each issue by itself.
  if (failed.reason === 'rate-limited' || failed.reason === 'unauthorized')
    await pauseTracker(tx, {
      tracker: issue.tracker,
      pausedUntil: nextAt,
      reason: failed.reason,
      detail: failed.message,
    })
  await syncBy(tx, actionId, nextAt)
  if (issue.failure === failed.reason) return
  await actionIssueFailed.append(tx, world, {
    subject: actionId,
    actor,
    data: { actionId, tracker: issue.tracker, reason: failed.reason, detail: failed.message },
  })
}

// Only a bug of ours is tried again by the outbox itself: failures of the tracker have their own times.
const ATTEMPTS = 4

/** The outbox handler of issues. */
export const syncHandler: OutboxHandler = {
  attempts: ATTEMPTS,
  timeoutMs: MINUTE,
  deliver: (world, item: OutboxItem<Payload>, signal) => fly(world, item.payload, signal),
  async settled(tx, world, item: OutboxItem<Payload>, delivery) {
    // Each issue is looked at for years.
    await forgetSettled(tx, item.topic, tx.now - DAY)
    if (delivery.result !== 'refused') return
    const { actionId, flight } = item.payload
    const failed = { reason: 'unreadable', message: delivery.reason, retryAt: tx.now + HOUR } as const
    await noteFailure(tx, world, actionId, flight, failed)
  },
}
