import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Observation } from '../../observation.ts'
import { type Counts, inWindow } from './count-lines.rules.ts'
import type { LogSpec } from './index.ts'

export const LOG_REASONS = [
  'ok',
  'log.pattern-matched',
  'log.silent',
  'log.file-missing',
  'log.file-unreadable',
  'log.behind',
  'log.journal-missing',
  'log.journal-failed',
  'log.never-pushed',
] as const
export type LogReason = (typeof LOG_REASONS)[number]

export type LogVerdict = Pick<Observation, 'verdict' | 'reason' | 'summary' | 'values' | 'details'>

export type LogRules = Pick<LogSpec, 'match' | 'moreThan' | 'within' | 'wanted' | 'silentAfter' | 'says'>

const short = (text: string, length = 120) => (text.length > length ? `${text.slice(0, length)}…` : text)

/** Judges a log by its lines; `since` is when somebody began to read it, `where` says what is counted beside a window. */
export function judgeLog(
  rules: LogRules,
  counts: Counts,
  since: Millis,
  now: Millis,
  where?: string,
): LogVerdict {
  const { match, moreThan, within, wanted, silentAfter, says } = rules
  const window = inWindow(counts.slices, within, now)
  const lines = window.reduce((sum, slice) => sum + slice[1], 0)
  const matched = window.reduce((sum, slice) => sum + slice[2], 0)
  const heardAt = Math.max(counts.lastWantedAt ?? 0, since)
  const silence = now - heardAt
  const isSilent = silentAfter !== undefined && silence >= silentAfter
  const span = where ?? `within ${formatDuration(within)}`
  const judged = (verdict: Observation['verdict'], reason: LogReason, summary: string): LogVerdict => ({
    verdict,
    reason,
    summary,
    values: { lines, matched, silentMs: silentAfter === undefined ? null : silence },
    details: {
      slices: window.map(([at, all, some]) => ({ at, lines: all, matched: some })),
      samples: counts.samples,
    },
  })
  const sort = wanted === undefined ? 'no line' : `no line matching "${short(wanted, 60)}"`
  const silent = isSilent
    ? `${sort} for ${formatDuration(silence)}; one is wanted every ${formatDuration(silentAfter)}`
    : null
  if (match !== undefined && matched > moreThan) {
    const newest = counts.samples.at(-1)
    const many = `${matched} ${matched === 1 ? 'line matches' : 'lines match'} "${short(match, 60)}" ${span}`
    const allowed = moreThan === 0 ? 'none is allowed' : `allowed are ${moreThan}`
    return judged(
      says,
      'log.pattern-matched',
      `${many}, ${allowed}${silent ? `; and ${silent}` : ''}${newest ? `; the newest: ${short(newest)}` : ''}`,
    )
  }
  if (silent !== null) return judged(says, 'log.silent', silent)
  const of = match === undefined ? `${lines} lines` : `${matched} of ${lines} lines match`
  const last = silentAfter === undefined ? '' : `, the last wanted one ${formatDuration(silence)} ago`
  return judged('up', 'ok', `${of} ${span}${last}`)
}
