import type { Millis } from '../kit/clock.ts'
import { formatDuration } from '../kit/duration.ts'
import type { Outcome, ReplicaPage } from './drill.ts'

export const PAGING_DRILL_REASONS = [
  'reached-in-time',
  'nobody-paged',
  'muted',
  'wrong-person',
  'too-late',
  'not-noticed',
  'not-judged',
  'control-failed',
  'nothing-applies',
  'replica-failed',
] as const
export type PagingDrillReason = (typeof PAGING_DRILL_REASONS)[number]

/** Who must have been paged, and how soon after the onset of the fault. */
export interface PagingCriterion {
  /** Null where anyone will do. */
  person: string | null
  withinMs: Millis
}

export interface PagingVerdict {
  outcome: Outcome
  reason: PagingDrillReason
  summary: string
}

/**
 * Whether the right human was reached in time, from the pages of the replica. `mutedBy` names what keeps alerts
 * quiet for a while, on purpose: then silence proves nothing, and a proof that stays untested grows stale.
 */
export function judgePaging(
  pages: readonly ReplicaPage[],
  onset: Millis,
  criterion: PagingCriterion,
  mutedBy: string | null = null,
): PagingVerdict {
  const whom = criterion.person ?? 'anyone'
  const limit = formatDuration(criterion.withinMs)
  // A healthy service that pages is a replica that cannot be believed.
  const early = pages.find((page) => page.at < onset)
  if (early)
    return {
      outcome: 'inconclusive',
      reason: 'control-failed',
      summary: `${early.personId} was paged before the fault began, so nothing is proved.`,
    }
  const sorted = [...pages].sort((a, b) => a.at - b.at)
  const first = sorted[0]
  if (!first && mutedBy !== null)
    return {
      outcome: 'inconclusive',
      reason: 'muted',
      summary: `Nobody was paged, because of ${mutedBy}; this proves nothing.`,
    }
  if (!first) {
    const summary = `Nobody was paged; ${whom} should be within ${limit}.`
    return { outcome: 'failed', reason: 'nobody-paged', summary }
  }
  const right = sorted.find((page) => criterion.person === null || page.personId === criterion.person)
  if (!right) {
    const others = [...new Set(sorted.map((page) => page.personId))]
    const were = others.length > 1 ? 'were' : 'was'
    return {
      outcome: 'failed',
      reason: 'wrong-person',
      summary: `${others.join(', ')} ${were} paged, but not ${whom}.`,
    }
  }
  const took = formatDuration(right.at - onset)
  if (right.at - onset > criterion.withinMs)
    return {
      outcome: 'failed',
      reason: 'too-late',
      summary: `${right.personId} was paged by ${right.channel} after ${took}; ${limit} is allowed.`,
    }
  return {
    outcome: 'passed',
    reason: 'reached-in-time',
    summary: `${right.personId} was paged by ${right.channel} after ${took}; ${limit} is allowed.`,
  }
}
