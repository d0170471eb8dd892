import type { Millis } from '../../../kit/clock.ts'
import { DAY, formatDuration } from '../../../kit/duration.ts'
import type { Verdict } from '../../observation.ts'
import { type UsualDuration, unusualFrom } from './duration-trend.rules.ts'
import type { HeartbeatSpec } from './index.ts'
import { firstRunAfter, nextRunAfter, type Timing as RunTimes } from './run-times.rules.ts'

export const HEARTBEAT_REASONS = [
  'ok',
  'heartbeat.never',
  'heartbeat.late',
  'heartbeat.failed',
  'heartbeat.run-overran',
  'heartbeat.run-unusual',
] as const
export type HeartbeatReason = (typeof HEARTBEAT_REASONS)[number]

/** A run that has started and not ended. */
export interface OpenRun {
  /** Its row in the ledger; none while it is not stored yet. */
  seq?: number
  rid: string
  startedAt: Millis
}

/** What has been heard of a job. */
export interface HeartbeatHistory {
  /** From when the first ping is waited for. */
  waitingSince: Millis
  lastSuccessAt: Millis | null
  lastStartAt: Millis | null
  lastFailAt: Millis | null
  lastFailExit: number | null
  /** Its last words then. */
  lastFailNote?: string | null
  openRuns: OpenRun[]
  /** Scheduled runs of which nothing was heard, and up to when they are counted. */
  missed?: number
  missedUntil?: Millis | null
  /** How long its runs take; null where nothing is made of that. */
  usual?: UsualDuration | null
  /** How long its newest finished run took. */
  lastDuration?: Millis | null
}

export interface HeartbeatJudgement {
  verdict: Verdict
  reason: HeartbeatReason
  summary: string
  /** When time alone may change the verdict; null when only a ping can. */
  nextAt: Millis | null
  /** When the next sign of life is due at the latest. */
  dueAt: Millis
}

export type HeartbeatTiming = RunTimes & Partial<Pick<HeartbeatSpec, 'unusual'>>

/** When the next sign of life is due, without the grace. */
export function nextDue(timing: RunTimes, heard: HeartbeatHistory): Millis {
  const last = lastSign(heard)
  // What was never heard is waited for from its beginning: there, no ping can have come early.
  return last === null ? firstRunAfter(timing, heard.waitingSince) : nextRunAfter(timing, last)
}

function lastSign({ lastSuccessAt, lastStartAt, lastFailAt }: HeartbeatHistory): Millis | null {
  if (lastSuccessAt === null && lastStartAt === null && lastFailAt === null) return null
  return Math.max(lastSuccessAt ?? 0, lastStartAt ?? 0, lastFailAt ?? 0)
}

/**
 * Judges a job by what was heard of it and by the time that has passed. Lateness and the longest run are judged
 * apart: a job may be on time with one run and hang in another.
 */
export function judgeHeartbeat(
  timing: HeartbeatTiming,
  heard: HeartbeatHistory,
  now: Millis,
): HeartbeatJudgement {
  const { lastSuccessAt, lastFailAt, openRuns } = heard
  const never = lastSign(heard) === null
  const run = nextDue(timing, heard)
  const dueAt = run + timing.startGrace
  const maxRun = timing.maxRun ?? Number.POSITIVE_INFINITY
  const unusual =
    timing.unusual === undefined || !heard.usual
      ? Number.POSITIVE_INFINITY
      : unusualFrom(heard.usual, timing.unusual)
  const limits = openRuns.flatMap(({ startedAt }) => [startedAt + maxRun, startedAt + unusual])
  const nextAt = earliest([dueAt, ...limits].filter((at) => at > now))
  const judged = (verdict: Verdict, reason: HeartbeatReason, summary: string): HeartbeatJudgement => ({
    verdict,
    reason,
    summary,
    nextAt,
    dueAt,
  })
  const late = dueAt <= now
  const silence = late ? `, and nothing was heard when it was due ${formatDuration(now - run)} ago` : ''

  if (lastFailAt !== null && lastFailAt >= (lastSuccessAt ?? 0)) {
    const exit = heard.lastFailExit === null ? '' : ` with exit status ${heard.lastFailExit}`
    const words = heard.lastFailNote ? `: ${heard.lastFailNote}` : ''
    return judged('down', 'heartbeat.failed', `the job reported a failure${exit}${words}${silence}`)
  }
  const overran = openRuns.filter((open) => open.startedAt + maxRun <= now)
  // A run that has succeeded since shows that the job works again; the hung one still wants to be looked at.
  const hung = overran.filter((open) => open.startedAt > (lastSuccessAt ?? 0))
  if (hung.length > 0)
    return judged('down', 'heartbeat.run-overran', overranSummary(hung, timing, now) + silence)
  if (late) {
    const ago = formatDuration(now - run)
    const counted = (heard.missed ?? 0) > 1 ? `; ${heard.missed} scheduled runs were missed so far` : ''
    return judged(
      'down',
      'heartbeat.late',
      never ? `no ping ever came, due ${ago} ago` : `no ping since ${ago}${counted}`,
    )
  }
  if (overran.length > 0)
    return judged('degraded', 'heartbeat.run-overran', overranSummary(overran, timing, now))
  if (never) return judged('unknown', 'heartbeat.never', 'no ping has come yet')
  const strange = unusualSummary(heard, unusual, now)
  if (strange) return judged('degraded', 'heartbeat.run-unusual', strange)
  const running = openRuns.length > 0 ? `${openRuns.length} running` : 'finished'
  return judged('up', 'ok', `the job is on time, ${running}`)
}

function unusualSummary({ openRuns, usual, lastDuration }: HeartbeatHistory, limit: Millis, now: Millis) {
  if (!usual || limit === Number.POSITIVE_INFINITY) return null
  const typical = `its runs usually take ${formatDuration(usual.median)}`
  const longest = Math.max(0, ...openRuns.map(({ startedAt }) => now - startedAt))
  if (longest >= limit) return `a run takes ${formatDuration(longest)} already; ${typical}`
  if (openRuns.length === 0 && (lastDuration ?? 0) >= limit)
    return `the last run took ${formatDuration(lastDuration!)}; ${typical}`
  return null
}

function overranSummary(open: OpenRun[], timing: RunTimes, now: Millis): string {
  const first = open.reduce((a, b) => (a.startedAt <= b.startedAt ? a : b))
  const longest = formatDuration(now - first.startedAt)
  const limit = formatDuration(timing.maxRun ?? 0)
  const since = `since ${localTime(first.startedAt, timing.timezone, now)}`
  return open.length === 1
    ? `${nameOf(first)} has not ended for ${longest}, ${since}; allowed is ${limit}`
    : `${open.length} runs have not ended, one for ${longest}, ${since}; allowed is ${limit}`
}

const nameOf = ({ rid }: OpenRun) => (rid === '' ? 'a run' : `the run ${rid}`)

/** An instant as people say it where the job runs: the day of the week while that is clear, the date later. */
export function localTime(at: Millis, timeZone: string, now: Millis): string {
  const day: Intl.DateTimeFormatOptions =
    now - at < 6 * DAY ? { weekday: 'long' } : { day: 'numeric', month: 'long' }
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const
  const time = new Intl.DateTimeFormat('en-GB', clock).format(at)
  return `${new Intl.DateTimeFormat('en-GB', { ...day, timeZone }).format(at)} ${time}`
}

function earliest(times: Millis[]): Millis | null {
  const next = Math.min(...times)
  return Number.isFinite(next) && next < Number.MAX_SAFE_INTEGER ? next : null
}
