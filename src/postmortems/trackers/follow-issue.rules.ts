import type { ActionState } from '../postmortem.ts'

export const FOLLOWED = ['claims', 'takes-back', 'nothing'] as const

export type IssueDecision =
  | { outcome: 'claim'; reason: 'issue-closed' }
  | { outcome: 'take-back'; reason: 'issue-reopened' }
  | {
      outcome: 'nothing'
      reason:
        | 'as-before'
        | 'about-to-be-opened'
        | 'claimed-already'
        | 'proved'
        | 'dropped'
        | 'claimed-by-a-person'
        | 'given-up'
    }

interface Look {
  state: 'open' | 'closed'
  closedAt: number | null
  /** Closed without being done: that claims nothing. */
  givenUp: boolean
}

/**
 * What follows for an action from how its issue stands. A closed issue says no more than that somebody calls the work
 * done: it claims, and the drill decides. What counts is that it was closed anew since the last look: an issue that
 * stays closed after the drill has refuted the action is about to be opened again, and claims nothing.
 */
export function followIssue(given: {
  action: { state: ActionState; claimedBy: string | null }
  /** How it was seen last; null before the first look. */
  before: { state: 'open' | 'closed' | null; closedAt: number | null }
  seen: Look
  /** Whether Tocsin itself is about to open it. */
  opening: boolean
  /** The name under which the closing of an issue claims. */
  trackerActor: string
}): IssueDecision {
  const { action, before, seen, opening, trackerActor } = given
  const nothing = (reason: Extract<IssueDecision, { outcome: 'nothing' }>['reason']): IssueDecision => ({
    outcome: 'nothing',
    reason,
  })
  if (seen.state === 'closed') {
    const closedAnew =
      before.state !== 'closed' || (seen.closedAt !== null && seen.closedAt !== before.closedAt)
    if (!closedAnew) return nothing('as-before')
    if (opening) return nothing('about-to-be-opened')
    if (seen.givenUp) return nothing('given-up')
    if (action.state === 'proved') return nothing('proved')
    if (action.state === 'dropped') return nothing('dropped')
    if (action.state === 'claimed') return nothing('claimed-already')
    return { outcome: 'claim', reason: 'issue-closed' }
  }
  if (before.state !== 'closed' || action.state !== 'claimed') return nothing('as-before')
  // The word of a person is theirs to take back.
  return action.claimedBy === trackerActor
    ? { outcome: 'take-back', reason: 'issue-reopened' }
    : nothing('claimed-by-a-person')
}
