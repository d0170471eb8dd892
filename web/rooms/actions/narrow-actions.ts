import type { Action } from '../../../src/contract/postmortems.ts'
import { matches } from '../../parts/matches.ts'
import { awaitsProof } from './sort-actions.ts'

/** What narrows the list; an empty one lets everything through. */
export interface Narrowing {
  words: string
  state: string
  type: string
  /** A person's id, `nobody`, or `unmatched`: named by a document, and nobody of ours. */
  owner: string
  /** `us`, or the name of a vendor or another team. */
  with: string
  due: string
}

const WEEK = 7 * 86_400_000

/** Whether the date by which it was to be done has passed, and it still waits. */
export function isLate({ dueAt, state }: Pick<Action, 'dueAt' | 'state'>, now: number): boolean {
  return dueAt !== null && Date.parse(dueAt) < now && awaitsProof({ state })
}

/** Whether somebody else has let the date pass that they promised last. */
export function isPromiseBroken(
  { promises, with: counterpart, state }: Pick<Action, 'promises' | 'with' | 'state'>,
  now: number,
): boolean {
  const last = promises.at(-1)
  return (
    counterpart !== null &&
    last?.by === counterpart.name &&
    Date.parse(last.promisedAt) < now &&
    awaitsProof({ state })
  )
}

const isDue: Record<string, (action: Action, now: number) => boolean> = {
  late: isLate,
  week: (action, now) =>
    awaitsProof(action) && action.dueAt !== null && Date.parse(action.dueAt) - now < WEEK,
  none: ({ dueAt }) => dueAt === null,
  broken: isPromiseBroken,
}

/** Whether the list shows the action. */
export function isShown(action: Action, by: Narrowing, now: number): boolean {
  if (by.state !== 'all' && (by.state === 'proved' ? action.state !== 'proved' : !awaitsProof(action)))
    return false
  if (by.type && action.type !== by.type) return false
  if (by.owner === 'nobody' && action.owner !== null) return false
  if (by.owner === 'unmatched' && (action.owner !== null || action.ownerWritten === null)) return false
  if (by.owner && by.owner !== 'nobody' && by.owner !== 'unmatched' && action.owner !== by.owner) return false
  if (by.with === 'us' && action.with !== null) return false
  if (by.with && by.with !== 'us' && action.with?.name !== by.with) return false
  if (by.due && !(isDue[by.due]?.(action, now) ?? true)) return false
  return matches(
    by.words,
    action.title,
    action.criterion,
    action.owner,
    action.type,
    action.with?.name,
    action.with?.reference,
    action.ownerWritten,
    action.issue?.number,
  )
}

/** `acme/site#12`, `OPS-12`, or what is to become one. */
export function sayIssue({ tracker, project, number }: NonNullable<Action['issue']>): string {
  if (number === null) return `${tracker}: not created yet`
  return number.includes('-') ? number : `${project}#${number}`
}

/** The criterion, or the prompt that stands in its place after an import. */
export function sayCriterion({ criterion }: Pick<Action, 'criterion'>): string {
  return criterion.replace(/^_(Not yet written: .*)_$/s, '$1')
}

const NTH = ['', 'first', 'second', 'third', 'fourth', 'fifth']
/** How often they have promised: `the third date`. */
export function sayNth(count: number): string {
  return NTH[count] ? `the ${NTH[count]} date` : `date number ${count}`
}
