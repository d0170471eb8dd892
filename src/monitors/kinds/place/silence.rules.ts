import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'

/** Whether a place is silent for too long; of the time before `listeningSince` nothing is known. */
export function judgePlace(
  id: string,
  heardAt: Millis | null,
  listeningSince: Millis,
  now: Millis,
  silence: Millis,
): { verdict: 'up' | 'down'; reason: 'ok' | 'place.silent'; summary: string } {
  const quiet = now - Math.max(listeningSince, heardAt ?? 0)
  if (quiet > silence)
    return {
      verdict: 'down',
      reason: 'place.silent',
      summary: `nothing has been heard from ${id} for ${formatDuration(quiet)}`,
    }
  return {
    verdict: 'up',
    reason: 'ok',
    summary: heardAt === null ? `${id} has not reported yet` : `${id} reports`,
  }
}
