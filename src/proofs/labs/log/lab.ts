import { appendFile, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { travelClock } from '../../../kit/clock.ts'
import { DAY, SECOND } from '../../../kit/duration.ts'
import { checkOnce, kindNamed, type LogSpec, lineFor, type Observation } from '../../../monitors/index.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'

/** A program that writes a real file, in time that is only played. */
export const lab: LabProtocol<LogSpec> = {
  kind: 'log',
  aim: aimLog,
  hasNoAddress: true,
  serve: async ({ twist }) => ({ host: '127.0.0.1', port: 0, input: twist ?? 'well', stop: async () => {} }),
}

export type LogTwist = 'well' | 'matches' | 'silent' | 'vanishes' | 'wanted-missing' | 'other-case'

/** What the faults of logs must know of the monitor. */
export interface HealthyLog {
  /** A line that the monitor counts; null where none can be made up, or where it counts none. */
  bad: string | null
  /** The same line with small letters where capital ones were, and the other way round; null where it is the same. */
  otherCase: string | null
  ignoreCase: boolean
  counts: boolean
  wanted: boolean
  file: boolean
}

interface Lines {
  bad: string | null
  good: string
}

const PLAIN = 'tocsin drill: all is well'
// More would fill a disk to prove what a few lines prove.
const MOST_LINES = 200_000

function aimLog(spec: LogSpec, sample?: string): Aim | null {
  const good =
    spec.wanted === undefined ? PLAIN : lineFor({ ...spec, match: spec.wanted, ignore: spec.match }, sample)
  const bad = spec.match === undefined ? null : lineFor(spec, sample)
  // Without a line that keeps it content there is no healthy log to begin with.
  if (good === null) return null
  return {
    expects: {
      speaks: 'log',
      secure: false,
      hasNoAddress: true,
      name: '',
      issuer: null,
      warnMs: 0,
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy: {
        bad: spec.moreThan < MOST_LINES ? bad : null,
        otherCase: bad === null || spec.moreThan >= MOST_LINES ? null : swapCase(bad),
        ignoreCase: spec.ignoreCase,
        counts: spec.match !== undefined,
        wanted: spec.wanted !== undefined,
        file: spec.file !== undefined,
      } satisfies HealthyLog,
      latencyMs: null,
      timeoutMs: 2 * SECOND,
    },
    changes: [
      'It follows a file on this machine instead of its own log.',
      'Time is played, so that hours pass at once.',
    ],
    at: () => spec,
    observe: (copy, { input }, clock) => play(copy as LogSpec, input as LogTwist, { bad, good }, clock.now()),
  }
}

function swapCase(line: string): string | null {
  const swapped = [...line]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('')
  return swapped === line ? null : swapped
}

async function play(spec: LogSpec, twist: LogTwist, lines: Lines, start: number): Promise<Observation> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-drill-log-'))
  const file = join(folder, 'program.log')
  const clock = travelClock(start)
  const copy: LogSpec = { ...spec, file, journal: undefined, push: undefined }
  const step = Math.max(1_000, Math.floor(Math.min(spec.silentAfter ?? DAY, spec.within) / 2))
  let memory: unknown = null
  const look = async () => {
    const seen = await checkOnce(kindNamed('log'), copy, { clock, deadlineMs: 60 * SECOND, memory })
    memory = seen.memory
    return seen
  }
  const pass = (ms: number) => clock.moveTo(clock.now() + ms)
  try {
    await writeFile(file, `${lines.good}\n`)
    await look()
    for (let i = 0; i < 2; i++) {
      await appendFile(file, `${lines.good}\n`)
      pass(step)
      await look()
    }
    const stays = twist === 'silent' || twist === 'wanted-missing'
    pass(stays ? (spec.silentAfter ?? DAY) + step : step)
    if (twist === 'vanishes') await unlink(file)
    if (twist === 'matches') await appendFile(file, `${lines.bad}\n`.repeat(spec.moreThan + 1))
    if (twist === 'other-case')
      await appendFile(file, `${swapCase(lines.bad ?? '')}\n`.repeat(spec.moreThan + 1))
    if (twist === 'wanted-missing') await appendFile(file, `${PLAIN}\n`)
    if (twist === 'well') await appendFile(file, `${lines.good}\n`)
    // What counts as within the window was written just now.
    if (twist !== 'silent') pass(Math.min(1_000, step))
    return await look()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
