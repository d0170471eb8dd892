import { giveWay } from '../../../engine/give-way.ts'
import { SECOND } from '../../../kit/duration.ts'
import { readPushed } from '../../logs/pushes.rows.ts'
import type { Observation } from '../../observation.ts'
import type { CheckContext } from '../kind.ts'
import { type Counts, inWindow, LineCounter, nothingCounted } from './count-lines.rules.ts'
import { type FilePosition, followFile } from './follow-file.ts'
import type { LogSpec } from './index.ts'
import { judgeLog, type LogReason, type LogVerdict } from './judge-log.rules.ts'
import { readJournal } from './read-journal.ts'

/** What one check leaves for the next: with the counts goes the place up to which they count. */
export interface LogMemory {
  since: number
  at: number
  counts: Counts
  /** The whole file is judged, once, and not a window. */
  whole?: true
  file?: FilePosition
  cursor?: string | null
}

interface Read {
  problem: { verdict: Observation['verdict']; reason: LogReason; summary: string } | null
  counts: Counts
  position: Pick<LogMemory, 'file' | 'cursor'>
}

/** Reads what was written since the last check, counts it and judges. */
export async function checkLog(spec: LogSpec, context: CheckContext): Promise<Observation> {
  const began = context.clock.now()
  const memory = readMemory(context.memory) ?? { since: began, at: began, counts: nothingCounted() }
  const read = await (spec.file !== undefined ? fromFile : spec.journal ? fromJournal : fromPushes)(
    spec,
    memory,
    context,
  )
  const now = context.clock.now()
  const counts = { ...read.counts, slices: inWindow(read.counts.slices, spec.within, now) }
  const judged = judgeLog(spec, counts, memory.since, now, memory.whole && 'in the file')
  const verdict = read.problem ? withProblem(judged, read.problem) : judged
  const kept: LogMemory = { since: memory.since, at: began, counts, ...read.position }
  return { ...verdict, tookMs: now - began, memory: kept }
}

// What the lines say is worse than that some are not read yet.
function withProblem(judged: LogVerdict, problem: NonNullable<Read['problem']>): LogVerdict {
  if (problem.reason === 'log.behind' && judged.verdict !== 'up') return judged
  return { ...judged, ...problem }
}

function readMemory(memory: unknown): LogMemory | null {
  const known = memory as Partial<LogMemory> | null
  return known && typeof known === 'object' && known.counts && typeof known.since === 'number'
    ? (known as LogMemory)
    : null
}

async function fromFile(spec: LogSpec, memory: LogMemory, { clock, signal }: CheckContext): Promise<Read> {
  const began = clock.now()
  const counter = new LineCounter(spec, spec.within, memory.counts)
  const until = began + spec.timeout * 0.7
  const followed = await followFile(spec.file!, memory.file ?? null, {
    // When a line was written is not known: somewhere between the last check and now, by its place.
    take: (line, share) => counter.add(line, memory.at + Math.min(1, share) * (began - memory.at)),
    async goOn() {
      await giveWay()
      return !signal.aborted && clock.now() < until
    },
  })
  const position = { file: followed.position }
  const { counts } = counter
  if (followed.problem === 'missing') {
    const summary = `the log file ${spec.file} does not exist`
    return { problem: { verdict: 'down', reason: 'log.file-missing', summary }, counts, position }
  }
  if (followed.problem === 'unreadable') {
    const summary = `${spec.file} cannot be read (${followed.message}); let the user of Tocsin read it`
    return { problem: { verdict: 'unknown', reason: 'log.file-unreadable', summary }, counts, position }
  }
  return { problem: behind(followed.behind > 0, `${mb(followed.behind)} of it`), counts, position }
}

const mb = (bytes: number) => `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`

function behind(isBehind: boolean, what: string): Read['problem'] {
  const summary = `the log grows faster than it is read: ${what} are left for the next check`
  return isBehind ? { verdict: 'degraded', reason: 'log.behind', summary } : null
}

async function fromJournal(spec: LogSpec, memory: LogMemory, { signal }: CheckContext): Promise<Read> {
  const counter = new LineCounter(spec, spec.within, memory.counts)
  const read = await readJournal({
    journal: spec.journal!,
    cursor: memory.cursor ?? null,
    since: memory.since / SECOND,
    take: (line, at) => counter.add(line, at),
    signal,
  })
  const position = { cursor: read.cursor }
  const { counts } = counter
  if (read.problem === 'missing') {
    const summary =
      'journalctl is not installed here: install systemd, or follow a file or let lines be pushed'
    return { problem: { verdict: 'unknown', reason: 'log.journal-missing', summary }, counts, position }
  }
  if (read.problem === 'failed') {
    const summary = `the journal cannot be read: ${read.message}; is the user of Tocsin in the group systemd-journal?`
    return { problem: { verdict: 'unknown', reason: 'log.journal-failed', summary }, counts, position }
  }
  return { problem: behind(read.more, 'lines'), counts, position }
}

async function fromPushes(
  spec: LogSpec,
  _memory: LogMemory,
  { read, monitorId, clock }: CheckContext,
): Promise<Read> {
  const now = clock.now()
  const counts = read && monitorId ? await readPushed(read, monitorId, now - 2 * spec.within) : null
  const isQuiet = counts === null && spec.silentAfter === undefined
  const summary = 'no line has been pushed yet'
  return {
    problem: isQuiet ? { verdict: 'unknown', reason: 'log.never-pushed', summary } : null,
    counts: counts ?? nothingCounted(),
    position: {},
  }
}
