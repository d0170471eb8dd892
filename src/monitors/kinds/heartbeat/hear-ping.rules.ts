import type { Millis } from '../../../kit/clock.ts'
import { redactText } from '../../../kit/redact.ts'
import type { HeartbeatHistory, OpenRun } from './judge-heartbeat.rules.ts'
import type { ParsedPing } from './parse-ping.rules.ts'

export type RunOutcome = 'success' | 'failure' | 'superseded' | 'missed'

/** A line of the ledger: a run that ended, or never came. */
export interface EndedRun {
  seq: number | null
  rid: string
  startedAt: Millis | null
  endedAt: Millis
  outcome: RunOutcome
  exitStatus: number | null
  durationMs: Millis | null
  log: string | null
}

/** Whether a request is a ping at all: link previews and scanners fetch addresses too, and they do so by GET. */
export function countsAsPing({ postOnly }: { postOnly: boolean }, method: string): boolean {
  return !postOnly || method === 'POST'
}

/** What one more ping makes of what is known. */
export interface Heard {
  history: HeartbeatHistory
  ended: EndedRun[]
}

// A job that starts anew each minute and never ends must not fill the table.
const MOST_OPEN_RUNS = 100
/** What is kept of the words of a run: their end, where the error stands. */
export const RUN_LOG_LIMIT = 2_000
const NOTE_LIMIT = 200

/**
 * Takes a ping into account. A start leaves the runs before it open, for they may hang; one that succeeds closes
 * the older ones of the same name, which can be told no other way. With `supersedes` a start ends those before it.
 */
export function hearPing(
  heard: HeartbeatHistory,
  ping: ParsedPing,
  now: Millis,
  options: { supersedes?: boolean; body?: string | null } = {},
): Heard {
  const rid = ping.rid ?? ''
  const { supersedes = false, body = null } = options
  if (ping.action === 'log') return { history: heard, ended: [] }
  if (ping.action === 'start') {
    const same = rid === '' ? [] : heard.openRuns.filter((run) => run.rid === rid)
    const over = supersedes ? heard.openRuns : same
    const left = heard.openRuns.filter((run) => !over.includes(run))
    const crowded = left.slice(0, Math.max(0, left.length + 1 - MOST_OPEN_RUNS))
    const openRuns = [...left.slice(crowded.length), { rid, startedAt: now }]
    const ended = [...over, ...crowded].map((run) => superseded(run, now))
    return { history: { ...heard, lastStartAt: now, openRuns }, ended }
  }
  const mine = heard.openRuns.findLast((run) => run.rid === rid)
  const failed = ping.action === 'fail'
  const older = failed ? [] : heard.openRuns.filter((run) => run.rid === rid && run !== mine)
  const durationMs = mine ? now - mine.startedAt : (ping.tookMs ?? null)
  const ended: EndedRun[] = [
    ...older.map((run) => superseded(run, now)),
    {
      seq: mine?.seq ?? null,
      rid,
      startedAt: mine?.startedAt ?? null,
      endedAt: now,
      outcome: failed ? 'failure' : 'success',
      exitStatus: ping.exitStatus,
      durationMs,
      log: body ? body.slice(-RUN_LOG_LIMIT) : null,
    },
  ]
  const openRuns =
    mine || older.length > 0
      ? heard.openRuns.filter((run) => run !== mine && !older.includes(run))
      : heard.openRuns
  const lastDuration = durationMs ?? heard.lastDuration ?? null
  // Both may come within one millisecond: what was heard last counts.
  const history: HeartbeatHistory = failed
    ? { ...heard, lastFailAt: now, lastFailExit: ping.exitStatus, lastFailNote: noteOf(body), openRuns }
    : {
        ...heard,
        lastSuccessAt: now,
        lastFailAt: null,
        lastFailExit: null,
        lastFailNote: null,
        openRuns,
        lastDuration,
      }
  return { history, ended }
}

function superseded({ seq, rid, startedAt }: OpenRun, now: Millis): EndedRun {
  return {
    seq: seq ?? null,
    rid,
    startedAt,
    endedAt: now,
    outcome: 'superseded',
    exitStatus: null,
    // It never said that it ended: how long it took is not known.
    durationMs: null,
    log: null,
  }
}

/** The last line that a failing job said, fit for one line of an alert. */
function noteOf(body: string | null): string | null {
  const last = body
    ?.split('\n')
    .map((line) => line.replace(/\p{Cc}+/gu, ' ').trim())
    .findLast((line) => line !== '')
  return last ? redactText(last.slice(0, NOTE_LIMIT)) : null
}
