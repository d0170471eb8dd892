import type { Millis } from '../../../kit/clock.ts'
import type { Verdict } from '../../observation.ts'
import { RUNS_COMPARED, usualDuration } from './duration-trend.rules.ts'
import { hearPing } from './hear-ping.rules.ts'
import type { HeartbeatSpec } from './index.ts'
import { type HeartbeatHistory, type HeartbeatJudgement, judgeHeartbeat } from './judge-heartbeat.rules.ts'
import type { ParsedPing } from './parse-ping.rules.ts'

/** A ping of a job that is only played. */
export interface PlayedPing extends Partial<ParsedPing> {
  at: Millis
  action: ParsedPing['action']
}

const WORSE: readonly Verdict[] = ['up', 'unknown', 'degraded', 'down']
const MOST_STEPS = 10_000

/**
 * What the monitor says of a job that pings like this, by the rules that judge live pings, at each instant at which
 * they would be asked: the worst of it after `from`, where time has gone on to `until`.
 */
export function playJob(
  spec: HeartbeatSpec,
  pings: readonly PlayedPing[],
  time: { start: Millis; from: Millis; until: Millis },
): HeartbeatJudgement {
  let history: HeartbeatHistory = {
    waitingSince: time.start,
    lastSuccessAt: null,
    lastStartAt: null,
    lastFailAt: null,
    lastFailExit: null,
    openRuns: [],
  }
  const durations: Millis[] = []
  let worst: HeartbeatJudgement | null = null
  const judge = (at: Millis): HeartbeatJudgement => {
    const past = history.openRuns.length > 0 ? durations : durations.slice(0, -1)
    const usual = usualDuration(past.slice(-RUNS_COMPARED))
    const judged = judgeHeartbeat(spec, { ...history, usual, lastDuration: durations.at(-1) ?? null }, at)
    if (at >= time.from && (!worst || WORSE.indexOf(judged.verdict) > WORSE.indexOf(worst.verdict)))
      worst = judged
    return judged
  }
  let left = MOST_STEPS
  const passTime = (from: Millis, until: Millis) => {
    let next = judge(from).nextAt
    while (next !== null && next <= until && left-- > 0) next = judge(next).nextAt
  }
  let now = time.start
  for (const ping of pings) {
    passTime(now, ping.at - 1)
    now = ping.at
    const heard = hearPing(history, { exitStatus: null, rid: null, ...ping }, now, {
      supersedes: spec.supersedes,
    })
    history = heard.history
    for (const run of heard.ended)
      if (run.outcome === 'success' && run.durationMs !== null) durations.push(run.durationMs)
  }
  passTime(now, time.until)
  const last = judge(time.until)
  return worst ?? last
}
