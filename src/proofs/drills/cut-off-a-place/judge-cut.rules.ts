import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Conclusion } from '../../drill.ts'
import { judgePaging } from '../../judge-paging.rules.ts'
import type { CutLimits, CutPlayed } from './play-cut.ts'

export const CUT_REASONS = [
  'all-noticed',
  'nothing-applies',
  'false-alarm',
  'silence-unnoticed',
  'control-failed',
  'nobody-paged',
  'wrong-person',
  'too-late',
  'outage-unseen',
  'outside-unseen',
] as const
type CutReason = (typeof CUT_REASONS)[number]

export interface CutCriterion extends CutLimits {
  place: string
  /** Who must be told; null for anyone. */
  person: string | null
  /** Monitors that may be blind. */
  except: readonly string[]
}

/** Whether a place can be cut off without a false alarm, without being forgotten, and without blinding the others. */
export function judgeCut(
  { cutAt, silentAfterMs, pages, monitors }: CutPlayed,
  { place, person, except, withinMs, outageMs }: CutCriterion,
): { outcome: Conclusion['outcome']; reason: CutReason; summary: string } {
  const failed = (reason: CutReason, summary: string) => ({ outcome: 'failed' as const, reason, summary })
  const limit = formatDuration(withinMs)
  const alarmed = monitors.filter(({ badAfterMs }) => badAfterMs !== null)
  if (alarmed.length > 0)
    return failed('false-alarm', `Without ${place}, though its target is well: ${told(alarmed)}.`)
  if (silentAfterMs === null || silentAfterMs > withinMs)
    return failed('silence-unnoticed', `The silence of ${place} was not noticed within ${limit}.`)
  const paging = judgePaging(pages, cutAt, { person, withinMs })
  if (paging.outcome !== 'passed') return failed(paging.reason as CutReason, paging.summary)
  const watched = monitors.filter(({ monitorId }) => !except.includes(monitorId))
  const blind = watched.filter(({ outageSeenAfterMs }) => isTooLate(outageSeenAfterMs, outageMs))
  if (blind.length > 0)
    return failed('outage-unseen', `Without ${place} an outage would pass unseen: ${told(blind)}.`)
  const inside = watched.filter(
    ({ places, outsideSeenAfterMs }) => places.includes('here') && isTooLate(outsideSeenAfterMs, outageMs),
  )
  if (inside.length > 0)
    return failed('outside-unseen', `What is broken from outside alone would pass unseen: ${told(inside)}.`)
  const others =
    monitors.length === 0
      ? 'No monitor is looked at from there.'
      : `${monitors.length === 1 ? 'The monitor' : `The ${monitors.length} monitors`} looked at from there stayed calm, and the places left would see an outage.`
  return { outcome: 'passed', reason: 'all-noticed', summary: `${paging.summary} ${others}` }
}

const isTooLate = (afterMs: Millis | null, allowed: Millis) => afterMs === null || afterMs > allowed

const MOST_TOLD = 3

/** The monitors by name, with how many of how many places have to agree. */
function told(monitors: CutPlayed['monitors']): string {
  const names = monitors
    .slice(0, MOST_TOLD)
    .map(({ monitorId, quorum, places }) => `${monitorId} (${quorum} of ${places.length})`)
  const more = monitors.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
