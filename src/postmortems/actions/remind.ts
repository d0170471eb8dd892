import { findPerson, type Person } from '../../catalog/index.ts'
import { enqueue } from '../../engine/outbox.ts'
import { cancelTimer, findTimer, setTimer, type TimerHandler } from '../../engine/timers.ts'
import { systemActor, type Tx, type World } from '../../engine/world.ts'
import { MINUTE } from '../../kit/duration.ts'
import { newId } from '../../kit/ids.ts'
import { afterQuiet } from '../../kit/quiet-hours.ts'
import type { Reader } from '../../store/store.ts'
import type { Action } from '../postmortem.ts'
import { findAction, readPostmortemSettings } from '../postmortems.rows.ts'
import { newestPromise } from './counterparts.rows.ts'
import { actionReminderFailed } from './facts.ts'
import { activeOwner, teamOf } from './recipients.ts'
import {
  actionsToChase,
  findChase,
  insertNotice,
  type Notice,
  queueNotices,
  settleNotice,
  waitingNotices,
  writeChase,
} from './reminders.rows.ts'
import {
  type Chase,
  decideChase,
  type NoticeReason,
  noticeKey,
  overtakenBy,
  type Stage,
  type Standing,
} from './reminders.rules.ts'

/** The kinds of timers and deliveries of reminders; stored, so never renamed. */
export const CHASE = 'postmortems.chase-action'
export const GATHER = 'postmortems.gather-reminders'
export const RECHASE = 'postmortems.chase-again'
export const REMINDERS = 'postmortems.reminders'

const actor = systemActor('postmortems')
const chaseKey = (actionId: string) => `chase-action:${actionId}`
const gatherKey = (personId: string) => `gather-reminders:${personId}`

// What falls due together goes out together.
const TOGETHER = MINUTE

interface ChasePayload {
  actionId: string
  /** The stage that it was set for: a timer that fails is moved, and the stage must not be lost by that. */
  from: number
}

const setChase = (tx: Tx, actionId: string, at: number) =>
  setTimer(tx, { key: chaseKey(actionId), kind: CHASE, dueAt: at, payload: { actionId, from: at } })

/** Sees to the next reminder of an action, after anything of it changed. */
export async function scheduleChase(tx: Tx, actionId: string): Promise<void> {
  const action = await findAction(tx.db, actionId)
  if (!action) return
  const promise = await newestPromise(tx.db, actionId)
  const before = await findChase(tx.db, actionId)
  const promisedAt = promise?.promisedAt ?? null
  if (action.dueAt === null && promisedAt === null && before === null) return
  const chase: Chase = {
    dueAt: action.dueAt,
    dueFrom: before && before.dueAt === action.dueAt ? before.dueFrom : tx.now,
    promisedAt,
    promiseFrom: before && before.promisedAt === promisedAt ? before.promiseFrom : tx.now,
  }
  await writeChase(tx, actionId, chase)
  const { reminders } = await readPostmortemSettings(tx.db)
  const { nextAt } = decideChase(action, chase, reminders, tx.now, tx.now)
  if (nextAt === null) await cancelTimer(tx, chaseKey(actionId))
  else await setChase(tx, actionId, nextAt)
}

/** A stage of the schedule has come. */
export const chaseAction: TimerHandler = async (tx, world, timer: { payload: ChasePayload }) => {
  const { actionId, from } = timer.payload
  const action = await findAction(tx.db, actionId)
  const chase = action && (await findChase(tx.db, actionId))
  if (!action || !chase) return
  const { reminders } = await readPostmortemSettings(tx.db)
  const { tell, nextAt } = decideChase(action, chase, reminders, tx.now, from)
  for (const stage of tell) await notify(tx, world, action, stage)
  if (nextAt !== null) await setChase(tx, actionId, nextAt)
}

/** Tells at once that the state of an action asks for somebody. */
export async function remindOfState(
  tx: Tx,
  world: World,
  actionId: string,
  reason: 'refuted' | 'reopened' | 'stale',
  fact: { seq: number; at: number },
): Promise<void> {
  const action = await findAction(tx.db, actionId)
  const { reminders } = await readPostmortemSettings(tx.db)
  if (!action || !reminders.enabled) return
  await notify(tx, world, action, {
    reason,
    step: `f${fact.seq}`,
    aboutAt: fact.at,
    at: fact.at,
    to: 'owner',
  })
}

/** Writes the reminder down for each who is to hear it, and sees that it leaves. */
async function notify(tx: Tx, world: World, action: Action, stage: Stage): Promise<void> {
  const owner = await activeOwner(tx.db, action)
  const team = stage.to === 'team' || owner === null ? await teamOf(tx.db, action) : []
  const others = team.filter((person) => person.id !== owner?.id)
  // Where nobody else is on the team, its owner is the team.
  const people = stage.to === 'owner' && owner ? [owner] : others.length > 0 ? others : owner ? [owner] : []
  if (people.length === 0) {
    await actionReminderFailed.append(tx, world, {
      subject: action.id,
      actor,
      data: { actionId: action.id, personId: null, reason: stage.reason, why: 'nobody-to-tell' },
    })
    return
  }
  for (const person of people) {
    const key = noticeKey(action.id, stage, person.id)
    const { reason, aboutAt } = stage
    if (await insertNotice(tx, { key, actionId: action.id, personId: person.id, reason, aboutAt }))
      await gatherBy(tx, person, AT_ONCE.has(reason) ? tx.now : tx.now + TOGETHER)
  }
}

const AT_ONCE = new Set<NoticeReason>(['refuted', 'reopened', 'stale'])

async function gatherBy(tx: Tx, person: Person, at: number): Promise<void> {
  const { reminders } = await readPostmortemSettings(tx.db)
  const dueAt = afterQuiet(at, person.timezone, reminders.quiet)
  const set = await findTimer(tx.db, gatherKey(person.id))
  if (set && set.dueAt <= dueAt) return
  await setTimer(tx, { key: gatherKey(person.id), kind: GATHER, dueAt, payload: { personId: person.id } })
}

/** How an action stands for the reminders of it. */
export async function standingOf(db: Reader, action: Action): Promise<Standing> {
  const promise = await newestPromise(db, action.id)
  return {
    state: action.state,
    owner: action.owner,
    dueAt: action.dueAt,
    promisedAt: promise?.promisedAt ?? null,
  }
}

/** Puts into one message what waits for a person, unless it is a quiet hour for them. */
export const gatherReminders: TimerHandler = async (tx, _world, timer: { payload: { personId: string } }) => {
  const { personId } = timer.payload
  const person = await findPerson(tx.db, personId)
  const { reminders } = await readPostmortemSettings(tx.db)
  if (person && afterQuiet(tx.now, person.timezone, reminders.quiet) > tx.now)
    return gatherBy(tx, person, tx.now)
  const waiting = await waitingNotices(tx.db, personId)
  const kept = await withoutOvertaken(tx, waiting)
  if (kept.length === 0) return
  const batch = newId(tx.now)
  await queueNotices(
    tx,
    kept.map(({ id }) => id),
    batch,
  )
  await enqueue(tx, {
    kind: REMINDERS,
    key: `reminders:${batch}`,
    topic: `reminders:${personId}`,
    payload: { personId, batch, tried: [] },
  })
}

async function withoutOvertaken(tx: Tx, notices: readonly Notice[]): Promise<Notice[]> {
  const kept: Notice[] = []
  for (const notice of notices) {
    const action = await findAction(tx.db, notice.actionId)
    const newer = notices.some(
      (other) =>
        other.actionId === notice.actionId && other.id > notice.id && sameWay(other.reason, notice.reason),
    )
    const why = !action
      ? 'settled'
      : newer
        ? 'newer-one'
        : overtakenBy(notice, await standingOf(tx.db, action))
    if (why === null) kept.push(notice)
    else await settleNotice(tx, notice.id, { state: 'dropped', detail: why })
  }
  return kept
}

const isPromise = (reason: NoticeReason) => reason.startsWith('promise')
const sameWay = (a: NoticeReason, b: NoticeReason) => isPromise(a) === isPromise(b)

const AT_A_TIME = 200

/** After the schedule of reminders changed, and once after the first start: looks at every action anew. */
export const chaseAgain: TimerHandler = async (tx, _world, timer: { payload: { after: string | null } }) => {
  const { after } = timer.payload
  const ids = await actionsToChase(tx.db, after === null ? 'new' : { after }, AT_A_TIME)
  for (const id of ids) {
    const set = await findTimer(tx.db, chaseKey(id))
    // What is due already is told first; then the schedule goes on as it is now.
    if (!set || set.dueAt > tx.now) await scheduleChase(tx, id)
  }
  const more = ids.length === AT_A_TIME
  const next = after === null ? (more ? null : undefined) : more ? ids.at(-1)! : undefined
  if (next !== undefined)
    await setTimer(tx, { key: RECHASE, kind: RECHASE, dueAt: tx.now, payload: { after: next } })
}

/** Sees to actions that no timer waits for yet. */
export async function beginChasing(tx: Tx, world: World): Promise<void> {
  if (world.drill !== null || (await actionsToChase(tx.db, 'new', 1)).length === 0) return
  if (!(await findTimer(tx.db, RECHASE)))
    await setTimer(tx, { key: RECHASE, kind: RECHASE, dueAt: tx.now, payload: { after: null } })
}

/** Looks at every action anew, because the schedule is another one. */
export async function rechaseAll(tx: Tx): Promise<void> {
  await setTimer(tx, { key: RECHASE, kind: RECHASE, dueAt: tx.now, payload: { after: '' } })
}
