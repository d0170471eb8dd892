import type { NOTICE_REASONS } from '../../contract/trackers.ts'
import type { ActionState } from '../postmortem.ts'
import type { Reminders } from './reminders-config.ts'

export type NoticeReason = (typeof NOTICE_REASONS)[number]

/** From when on which dates are chased: a date that was set late does not call up what lay before it. */
export interface Chase {
  dueAt: number | null
  dueFrom: number
  promisedAt: number | null
  promiseFrom: number
}

/** One reminder of the schedule. */
export interface Stage {
  at: number
  reason: NoticeReason
  /** Tells the stages of one date apart. */
  step: string
  /** The date that it is about. */
  aboutAt: number
  to: 'owner' | 'team'
}

/** Whether somebody still has to do something about an action. */
export const isWaiting = (state: ActionState): boolean => state !== 'proved' && state !== 'dropped'

type Schedule = Pick<Reminders, 'before' | 'after' | 'every' | 'escalateAfter'>

/** The stages of the schedule up to `now`, and the first after it. */
function stagesAround(state: ActionState, chase: Chase, schedule: Schedule, now: number): Stage[] {
  if (!isWaiting(state)) return []
  const { dueAt, dueFrom, promisedAt, promiseFrom } = chase
  const stages: Stage[] = []
  const add = (at: number, reason: NoticeReason, step: string, aboutAt: number, to: Stage['to'] = 'owner') =>
    stages.push({ at, reason, step, aboutAt, to })
  const late = (date: number, from: number, reason: NoticeReason) => {
    const base = Math.max(date, from)
    for (const after of schedule.after) add(base + after, reason, `+${after}`, date)
    if (schedule.every === null) return
    const first = base + Math.max(0, ...schedule.after)
    const passed = Math.max(0, Math.floor((now - first) / schedule.every))
    for (const turn of [passed, passed + 1])
      if (turn > 0) add(first + turn * schedule.every, reason, `#${turn}`, date)
  }
  if (dueAt !== null) {
    // Whoever says that it is done hears again only when the day has come.
    if (state !== 'claimed')
      for (const before of schedule.before)
        if (dueAt - before > dueFrom) add(dueAt - before, 'due-soon', `-${before}`, dueAt)
    if (dueAt > dueFrom) add(dueAt, 'due', '0', dueAt)
    late(dueAt, dueFrom, 'overdue')
    if (schedule.escalateAfter !== null)
      add(Math.max(dueAt, dueFrom) + schedule.escalateAfter, 'long-overdue', '!', dueAt, 'team')
  }
  if (promisedAt !== null) {
    if (promisedAt > promiseFrom) add(promisedAt, 'promise-due', 'p0', promisedAt)
    late(promisedAt, promiseFrom, 'promise-broken')
  }
  return stages.sort((a, b) => a.at - b.at)
}

export interface ChaseDecision {
  /** What is told now: of each way at most the latest, however long nobody was here. */
  tell: Stage[]
  /** When to look again. */
  nextAt: number | null
}

/** What is to be told of an action now, and when to look again. */
export function decideChase(
  action: { state: ActionState },
  chase: Chase,
  reminders: Reminders,
  now: number,
  /** What lay before has been told, or was for somebody else. */
  from: number,
): ChaseDecision {
  if (!reminders.enabled) return { tell: [], nextAt: null }
  const stages = stagesAround(action.state, chase, reminders, now)
  const past = stages.filter((stage) => stage.at >= from && stage.at <= now)
  const latest = (to: Stage['to'], promise: boolean) =>
    past.findLast((stage) => stage.to === to && stage.reason.startsWith('promise') === promise)
  return {
    tell: [latest('owner', false), latest('owner', true), latest('team', false)].filter(
      (stage) => stage !== undefined,
    ),
    nextAt: stages.find((stage) => stage.at > now)?.at ?? null,
  }
}

/** Names a reminder: whoever heard it does not hear it again. */
export function noticeKey(actionId: string, stage: Omit<Stage, 'at' | 'to'>, personId: string): string {
  return [actionId, stage.reason, stage.step, stage.aboutAt, personId].join('/')
}

/** What a reminder finds when it is about to leave. */
export interface Standing {
  state: ActionState
  owner: string | null
  dueAt: number | null
  promisedAt: number | null
}

export const OVERTAKEN = ['settled', 'claimed', 'date-changed', 'another-owner', 'newer-one'] as const
export type Overtaken = (typeof OVERTAKEN)[number]

/** Why a reminder that waited is not sent after all; null where it is. */
export function overtakenBy(
  notice: { reason: NoticeReason; aboutAt: number; personId: string },
  standing: Standing,
): Overtaken | null {
  const { reason, aboutAt, personId } = notice
  if (!isWaiting(standing.state)) return 'settled'
  const aboutState = reason === 'refuted' || reason === 'reopened' || reason === 'stale'
  if (standing.state === 'claimed' && (aboutState || reason === 'due-soon')) return 'claimed'
  if (reason === 'stale' && standing.state !== 'stale') return 'settled'
  if (reason.startsWith('promise')) {
    if (standing.promisedAt !== aboutAt) return 'date-changed'
  } else if (!aboutState && standing.dueAt !== aboutAt) return 'date-changed'
  // What goes to the team goes to each of its people, whoever owns the action.
  if (reason !== 'long-overdue' && standing.owner !== null && standing.owner !== personId)
    return 'another-owner'
  return null
}
