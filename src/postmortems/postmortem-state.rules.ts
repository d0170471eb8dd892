import type { Action, Postmortem, PostmortemState } from './postmortem.ts'
import type { Blocker } from './review/review.ts'
import { NEEDED_FOR_REVIEW, type SectionName, type SectionState, sectionState } from './sections.rules.ts'

const WAYS: Record<PostmortemState, readonly PostmortemState[]> = {
  draft: ['in review'],
  'in review': ['draft', 'reviewed'],
  reviewed: ['in review', 'closed'],
  closed: ['reviewed'],
}

export type PostmortemDecision =
  | { outcome: 'move'; reason: 'allowed' }
  | { outcome: 'refuse'; reason: 'already-there' | 'not-from-here' }
  | { outcome: 'refuse'; reason: 'sections-missing'; sections: { name: SectionName; state: SectionState }[] }
  | { outcome: 'refuse'; reason: 'review-open'; blockers: Blocker[] }
  | { outcome: 'refuse'; reason: 'actions-open'; actions: Pick<Action, 'id' | 'title' | 'state'>[] }

/** Whether an action still waits for its proof. */
export function isUnsettled(action: Pick<Action, 'state'>): boolean {
  return action.state !== 'proved' && action.state !== 'dropped'
}

/** Whether a post-mortem may go to another state. */
export function decidePostmortemMove(
  postmortem: Pick<Postmortem, 'state' | 'body'>,
  to: PostmortemState,
  actions: readonly Pick<Action, 'id' | 'title' | 'state'>[],
  /** What stands against the end of the review. */
  blockers: readonly Blocker[] = [],
): PostmortemDecision {
  if (postmortem.state === to) return { outcome: 'refuse', reason: 'already-there' }
  if (!WAYS[postmortem.state].includes(to)) return { outcome: 'refuse', reason: 'not-from-here' }
  if (to === 'in review' || (to === 'reviewed' && postmortem.state === 'in review')) {
    const sections = NEEDED_FOR_REVIEW.map((name) => ({
      name,
      state: sectionState(postmortem.body, name),
    })).filter(({ state }) => state !== 'written')
    if (sections.length > 0) return { outcome: 'refuse', reason: 'sections-missing', sections }
  }
  if (to === 'reviewed' && postmortem.state === 'in review' && blockers.length > 0)
    return { outcome: 'refuse', reason: 'review-open', blockers: [...blockers] }
  if (to === 'closed') {
    const open = actions.filter(isUnsettled)
    if (open.length > 0) return { outcome: 'refuse', reason: 'actions-open', actions: open }
  }
  return { outcome: 'move', reason: 'allowed' }
}
