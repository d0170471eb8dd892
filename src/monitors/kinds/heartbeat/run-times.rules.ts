import { Cron } from 'croner'
import type { Millis } from '../../../kit/clock.ts'
import type { HeartbeatSpec } from './index.ts'

export type Timing = Pick<HeartbeatSpec, 'every' | 'schedule' | 'timezone' | 'startGrace' | 'maxRun'>

// A job whose clock runs a little ahead pings before its time, and means the run that is about to be due.
const EARLY = 30_000
const NEVER = Number.MAX_SAFE_INTEGER
const MOST_KEPT = 500

// Reading an expression costs more than asking it, and ten thousand jobs share a few.
const kept = new Map<string, Cron>()

function cronOf(schedule: string, timezone: string): Cron {
  const key = `${timezone} ${schedule}`
  let cron = kept.get(key)
  if (!cron) {
    cron = new Cron(schedule, { paused: true, timezone })
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
    kept.set(key, cron)
  }
  return cron
}

/** When a sign of life is due after one at `heard`, without the grace. */
export function nextRunAfter(timing: Timing, heard: Millis): Millis {
  if (timing.schedule === undefined) return heard + (timing.every ?? 0)
  const cron = cronOf(timing.schedule, timing.timezone)
  const first = cron.nextRun(new Date(heard))
  if (!first) return NEVER
  if (first.getTime() - heard > EARLY) return first.getTime()
  const second = cron.nextRun(first)
  if (!second) return first.getTime()
  const early = Math.min(EARLY, (second.getTime() - first.getTime()) / 10)
  return first.getTime() - heard <= early ? second.getTime() : first.getTime()
}

/** When the first run is due for who waits since an instant: nothing can have come early there. */
export function firstRunAfter(timing: Timing, since: Millis): Millis {
  if (timing.schedule === undefined) return since + (timing.every ?? 0)
  return cronOf(timing.schedule, timing.timezone).nextRun(new Date(since))?.getTime() ?? NEVER
}

/** The scheduled instants from `due` on whose grace is over, the first `most` of them. */
export function runsMissed(timing: Timing, due: Millis, now: Millis, most: number): Millis[] {
  const missed: Millis[] = []
  for (let at = due; at + timing.startGrace <= now && at < NEVER; at = firstRunAfter(timing, at)) {
    missed.push(at)
    if (missed.length === most) break
  }
  return missed
}
