import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { LogSpec } from './index.ts'

export interface JournalRead {
  /** The place of the last line that was taken. */
  cursor: string | null
  problem: 'missing' | 'failed' | null
  message: string
  /** There was more than one check takes. */
  more: boolean
}

interface JournalOptions {
  journal: NonNullable<LogSpec['journal']>
  cursor: string | null
  /** From when on, where no line has been seen yet: seconds since the epoch. */
  since: number
  take: (line: string, at: number) => void
  signal: AbortSignal
  program?: string
}

const MOST_LINES = 50_000
const MOST_WORDS = 1_000

/** Arguments of journalctl for what comes after a place. */
export function journalArguments({
  journal,
  cursor,
  since,
}: Pick<JournalOptions, 'journal' | 'cursor' | 'since'>) {
  const { unit, identifier, priority, directory } = journal
  return [
    '--output=json',
    '--no-pager',
    '--quiet',
    '--output-fields=MESSAGE',
    ...(cursor === null ? [`--since=@${Math.floor(since)}`] : [`--after-cursor=${cursor}`]),
    ...(unit === undefined ? [] : [`--unit=${unit}`]),
    ...(identifier === undefined ? [] : [`--identifier=${identifier}`]),
    ...(priority === undefined ? [] : [`--priority=${priority}`]),
    ...(directory === undefined ? [] : [`--directory=${directory}`]),
  ]
}

/** A line of `journalctl -o json`; null for what is none. */
export function readEntry(line: string): { cursor: string; at: number; message: string } | null {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return null
  }
  if (entry === null || typeof entry !== 'object') return null
  const { __CURSOR: cursor, __REALTIME_TIMESTAMP: micros, MESSAGE: said } = entry
  if (typeof cursor !== 'string') return null
  const at = Math.floor(Number(micros) / 1_000)
  // What is not UTF-8 comes as a list of bytes.
  const isBytes =
    Array.isArray(said) && said.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)
  const message = isBytes ? Buffer.from(said as number[]).toString('utf8') : said
  return { cursor, at, message: typeof message === 'string' ? message : '' }
}

/** Asks journalctl for what came after the last line; the process ends with the check, whatever it does. */
export function readJournal(options: JournalOptions): Promise<JournalRead> {
  const { take, signal, program = 'journalctl' } = options
  return new Promise((resolve) => {
    let { cursor } = options
    let lines = 0
    let words = ''
    const child = spawn(program, journalArguments(options), {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    })
    const done = (problem: JournalRead['problem'], message: string) =>
      resolve({ cursor, problem, message, more: lines >= MOST_LINES })
    child.stderr.on('data', (chunk: Buffer) => {
      if (words.length < MOST_WORDS) words += chunk.toString('utf8')
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (lines >= MOST_LINES) return
      const entry = readEntry(line)
      if (!entry) return
      cursor = entry.cursor
      take(entry.message, entry.at)
      if (++lines === MOST_LINES) child.kill('SIGKILL')
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') done('missing', 'journalctl is not installed')
      // At the deadline: what was taken counts, the rest is read the next time.
      else done(signal.aborted ? null : 'failed', error.message)
    })
    child.on('close', (code) => {
      const [first = ''] = words.trim().split('\n')
      if (code === 0 || lines >= MOST_LINES) done(null, '')
      else done('failed', first || `journalctl ended with ${code}`)
    })
  })
}
