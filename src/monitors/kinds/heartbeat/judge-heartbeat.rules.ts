import { Cron } from 'croner'
import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Verdict } from '../../observation.ts'
import type { HeartbeatSpec } from './index.ts'

export const HEARTBEAT_REASONS = [
  'ok',
  'heartbeat.never',
  'heartbeat.late',
  'heartbeat.failed',
  'heartbeat.run-overran',
] as const
export type HeartbeatReason = (typeof HEARTBEAT_REASONS)[number]

/** What has been heard of a job. */
export interface HeartbeatHistory {
  /** From when the first ping is waited for. */
  waitingSince: Millis
  lastSuccessAt: Millis | null
  lastStartAt: Millis | null
  lastFailAt: Millis | null
  lastFailExit: number | null
  /** Runs that have started and not ended. */
  openRuns: { rid: string; startedAt: Millis }[]
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

type Timing = Pick<HeartbeatSpec, 'every' | 'schedule' | 'timezone' | 'startGrace' | 'maxRun'>

// A job whose clock runs a little ahead pings before its time, and means the run that is about to be due.
const EARLY = 30_000

/** When a sign of life is due after one at `heard`, without the grace. */
export function nextRunAfter(timing: Timing, heard: Millis): Millis {
  if (timing.schedule === undefined) return heard + (timing.every ?? 0)
  const cron = new Cron(timing.schedule, { paused: true, timezone: timing.timezone })
  const [first, second] = cron.nextRuns(2, new Date(heard))
  if (!first) return Number.MAX_SAFE_INTEGER
  if (!second) return first.getTime()
  const early = Math.min(EARLY, (second.getTime() - first.getTime()) / 10)
  return first.getTime() - heard <= early ? second.getTime() : first.getTime()
}

/** Judges a job by what was heard of it and by the time that has passed. */
export function judgeHeartbeat(timing: Timing, heard: HeartbeatHistory, now: Millis): HeartbeatJudgement {
  const { lastSuccessAt, lastStartAt, lastFailAt } = heard
  const never = lastSuccessAt === null && lastStartAt === null && lastFailAt === null
  const last = Math.max(lastSuccessAt ?? 0, lastStartAt ?? 0, lastFailAt ?? 0)
  // What was never heard is waited for from its beginning: there, no ping can have come early.
  const run = never ? firstRunAfter(timing, heard.waitingSince) : nextRunAfter(timing, last)
  const dueAt = run + timing.startGrace
  const limits =
    timing.maxRun === undefined ? [] : heard.openRuns.map((open) => open.startedAt + timing.maxRun!)
  const nextAt = earliest([dueAt, ...limits].filter((at) => at > now))
  const judged = (verdict: Verdict, reason: HeartbeatReason, summary: string): HeartbeatJudgement => ({
    verdict,
    reason,
    summary,
    nextAt,
    dueAt,
  })

  if (lastFailAt !== null && lastFailAt >= (lastSuccessAt ?? 0)) {
    const exit = heard.lastFailExit === null ? '' : ` with exit status ${heard.lastFailExit}`
    return judged('down', 'heartbeat.failed', `the job reported a failure${exit}`)
  }
  const overran = heard.openRuns.filter((open) => open.startedAt + (timing.maxRun ?? Infinity) <= now)
  // A run that has succeeded since shows that the job works again; the hung one still wants to be looked at.
  const hung = overran.filter((open) => open.startedAt > (lastSuccessAt ?? 0))
  if (hung.length > 0) return judged('down', 'heartbeat.run-overran', overranSummary(hung, timing, now))
  if (dueAt <= now) {
    const late = formatDuration(now - run)
    return judged(
      'down',
      'heartbeat.late',
      never ? `no ping ever came, due ${late} ago` : `no ping since ${late}`,
    )
  }
  if (overran.length > 0)
    return judged('degraded', 'heartbeat.run-overran', overranSummary(overran, timing, now))
  if (never) return judged('unknown', 'heartbeat.never', 'no ping has come yet')
  const running = heard.openRuns.length > 0 ? `${heard.openRuns.length} running` : 'finished'
  return judged('up', 'ok', `the job is on time, ${running}`)
}

function firstRunAfter(timing: Timing, since: Millis): Millis {
  if (timing.schedule === undefined) return since + (timing.every ?? 0)
  const cron = new Cron(timing.schedule, { paused: true, timezone: timing.timezone })
  return cron.nextRun(new Date(since))?.getTime() ?? Number.MAX_SAFE_INTEGER
}

function overranSummary(open: HeartbeatHistory['openRuns'], timing: Timing, now: Millis): string {
  const longest = formatDuration(now - Math.min(...open.map((run) => run.startedAt)))
  const limit = formatDuration(timing.maxRun ?? 0)
  return open.length === 1
    ? `a run has not ended for ${longest}, allowed is ${limit}`
    : `${open.length} runs have not ended, one for ${longest}; allowed is ${limit}`
}

function earliest(times: Millis[]): Millis | null {
  const next = Math.min(...times)
  return Number.isFinite(next) && next < Number.MAX_SAFE_INTEGER ? next : null
}
