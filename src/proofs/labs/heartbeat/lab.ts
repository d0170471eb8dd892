import type { Millis } from '../../../kit/clock.ts'
import { MINUTE, SECOND } from '../../../kit/duration.ts'
import {
  countsAsPing,
  type HeartbeatSpec,
  nextRunAfter,
  type PlayedPing,
  playJob,
} from '../../../monitors/index.ts'
import { type Aim, expectsNoServer, type LabProtocol } from '../lab-protocol.ts'

/** A job that pings, in time that is only played. */
export const lab: LabProtocol<HeartbeatSpec> = {
  kind: 'heartbeat',
  aim: aimHeartbeat,
  hasNoAddress: true,
  serve: async ({ twist }) => ({ host: '127.0.0.1', port: 0, input: twist ?? 'well', stop: async () => {} }),
}

export type JobTwist = 'well' | 'silent' | 'hangs' | 'fails' | 'late' | 'lasting' | 'previewed'

// Enough for what is usual, and a night more.
const GOOD_RUNS = 15
const BAD_RUNS = 3

function aimHeartbeat(spec: HeartbeatSpec): Aim {
  return {
    expects: { ...expectsNoServer('heartbeat'), healthy: { postOnly: spec.postOnly } },
    changes: [
      'Its job is played: fifteen runs that start and end as they should, and then what the fault makes of it.',
      'Time is played too, so that days pass at once.',
    ],
    at: () => spec,
    async observe(copy, { input }, clock) {
      const { verdict, reason, summary } = play(copy as HeartbeatSpec, input as JobTwist, clock.now())
      return { verdict, reason, summary, tookMs: 0, values: {} }
    },
  }
}

function play(spec: HeartbeatSpec, twist: JobTwist, start: Millis) {
  const first = nextRunAfter(spec, start)
  const interval = nextRunAfter(spec, first) - first
  const usual = Math.max(1, Math.round(Math.min(interval / 100, (spec.maxRun ?? interval) / 30, MINUTE)))
  const pings: PlayedPing[] = []
  let due = first
  const run = (at: Millis, lasts: Millis | null, ends: Partial<PlayedPing> = {}) => {
    pings.push({ at, action: 'start' })
    if (lasts !== null) pings.push({ at: at + lasts, action: 'success', ...ends })
    due = nextRunAfter(spec, due)
  }
  for (let i = 0; i < GOOD_RUNS; i++) run(due, Math.round(usual * (1 + (i % 5) / 50)))
  const from = due
  if (twist === 'well') run(due, usual)
  if (twist === 'fails') run(due, usual, { action: 'fail', exitStatus: 1 })
  // As a job that is started each night and ends in none.
  if (twist === 'hangs') for (let i = 0; i < BAD_RUNS; i++) run(due, null)
  if (twist === 'late') run(due + lateness(spec, interval), usual)
  if (twist === 'lasting') run(due, lasting(spec, usual, interval))
  // What looks at links fetches them; whether that is a ping is what the monitor says.
  if (twist === 'previewed')
    for (let i = 0; i < BAD_RUNS; i++) {
      if (countsAsPing(spec, 'GET')) pings.push({ at: due, action: 'success' })
      due = nextRunAfter(spec, due)
    }
  const silence = twist === 'silent' || twist === 'previewed' ? 2 * interval + spec.startGrace : 0
  const until = Math.max((pings.at(-1)?.at ?? from) + 1, from + silence)
  return playJob(spec, pings, { start, from, until: twist === 'hangs' ? due - 1 : until })
}

/** Past its grace, and before the next run would be due: a grace beyond that forgives whole runs. */
function lateness({ startGrace }: HeartbeatSpec, interval: Millis): Millis {
  return Math.round(Math.min(startGrace + interval / 4, interval * 0.9))
}

/** Far longer than usual, and not so long that another limit would see it. */
function lasting(spec: HeartbeatSpec, usual: Millis, interval: Millis): Millis {
  const limit = Math.min(spec.maxRun ?? interval, interval) * 0.9
  return Math.round(Math.min(Math.max(usual * 20, usual * 1.5 * (spec.unusual ?? 0)) + 2 * SECOND, limit))
}
