import { formatDuration } from '../../../kit/duration.ts'
import type { Conclusion, StoppedEvidence } from '../../drill.ts'

export const STOPPED_REASONS = [
  'noticed',
  'not-here',
  'never-started',
  'said-too-early',
  'not-noticed',
  'not-named',
] as const
export type StoppedReason = (typeof STOPPED_REASONS)[number]

/** Whether the watcher said in time, and truly, that the one it watches is gone; calm: it called that well before. */
export function judgeStopped(
  { how, noticedAfterMs, withinMs, said }: StoppedEvidence,
  calm: boolean,
): { outcome: Conclusion['outcome']; reason: StoppedReason; summary: string } {
  if (!calm)
    return {
      outcome: 'inconclusive',
      reason: 'said-too-early',
      summary: `The watcher complained before anything was stopped (${said.at(-1)?.subject}), so nothing is proved.`,
    }
  const limit = formatDuration(withinMs)
  if (noticedAfterMs === null || noticedAfterMs > withinMs)
    return {
      outcome: 'failed',
      reason: 'not-noticed',
      summary: `The watcher said nothing within ${limit} after it was ${WORDS[how]}.`,
    }
  const [first] = said
  if (!/peer\.silent/.test(first!.text))
    return {
      outcome: 'failed',
      reason: 'not-named',
      summary: `The watcher said something else than that it is silent: ${first!.subject}`,
    }
  return {
    outcome: 'passed',
    reason: 'noticed',
    summary: `The watcher said so by its own contact ${formatDuration(noticedAfterMs)} after it was ${WORDS[how]}; ${limit} is allowed.`,
  }
}

const WORDS = { freeze: 'frozen', kill: 'killed' }
