import { RE2JS } from 're2js'
import type { Millis } from '../../../kit/clock.ts'
import { redactText } from '../../../kit/redact.ts'

/** What is looked at of one line; more of it is neither matched nor kept. */
export const LONGEST_LINE = 8_192
/** How many matching lines are kept, and how much of each. */
const SAMPLES = 5
const SAMPLE_LENGTH = 300

export type Pattern = { test(line: string): boolean }

const MOST_KEPT = 200
const kept = new Map<string, { pattern: Pattern | null; problem: string | null }>()

/** Compiles an RE2 pattern, whose matching takes time in proportion to the line, whatever either holds. */
export function compilePattern(
  text: string,
  ignoreCase: boolean,
): { pattern: Pattern | null; problem: string | null } {
  const key = `${ignoreCase ? 'i' : ' '}${text}`
  let compiled = kept.get(key)
  if (compiled) return compiled
  try {
    compiled = { pattern: RE2JS.compile(text, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0), problem: null }
  } catch (error) {
    compiled = { pattern: null, problem: error instanceof Error ? error.message : String(error) }
  }
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
  kept.set(key, compiled)
  return compiled
}

/** What a monitor asks of each line. */
export interface Asked {
  match?: string
  ignore?: string
  wanted?: string
  ignoreCase: boolean
}

/** What one line means. */
export interface Sorted {
  matched: boolean
  wanted: boolean
}

/** Tells lines apart as a monitor asks. */
export function sorterOf({ match, ignore, wanted, ignoreCase }: Asked): (line: string) => Sorted {
  const pattern = (text: string | undefined) =>
    text === undefined ? null : compilePattern(text, ignoreCase).pattern
  const [matching, ignoring, wanting] = [pattern(match), pattern(ignore), pattern(wanted)]
  return (line) => ({
    matched: (matching?.test(line) ?? false) && !(ignoring?.test(line) ?? false),
    wanted: wanting === null || wanting.test(line),
  })
}

/** Lines within one slice of time: its beginning, all lines, those that match. */
export type Slice = [at: Millis, lines: number, matched: number]

/** What was counted so far; small, and JSON. */
export interface Counts {
  slices: Slice[]
  lastLineAt: Millis | null
  lastWantedAt: Millis | null
  samples: string[]
}

export const nothingCounted = (): Counts => ({
  slices: [],
  lastLineAt: null,
  lastWantedAt: null,
  samples: [],
})

const SLICES = 60

/** How long the slices of a window are: sixty of them, and none shorter than a second. */
export const sliceOf = (within: Millis): Millis => Math.max(1_000, Math.ceil(within / SLICES))

/** Adds lines seen at one time; slices that have left the window go. */
export class LineCounter {
  readonly counts: Counts
  readonly #sort: (line: string) => Sorted
  readonly #slice: Millis
  #lines = 0

  constructor(asked: Asked, within: Millis, counts: Counts) {
    this.#sort = sorterOf(asked)
    this.#slice = sliceOf(within)
    this.counts = structuredClone(counts)
  }

  get lines(): number {
    return this.#lines
  }

  add(line: string, at: Millis): void {
    const text = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line
    const { matched, wanted } = this.#sort(text)
    const { counts } = this
    const begin = Math.floor(at / this.#slice) * this.#slice
    let slice = counts.slices.at(-1)
    if (!slice || slice[0] < begin) {
      slice = [begin, 0, 0]
      counts.slices.push(slice)
    }
    this.#lines++
    slice[1]++
    counts.lastLineAt = Math.max(at, counts.lastLineAt ?? 0)
    if (wanted) counts.lastWantedAt = Math.max(at, counts.lastWantedAt ?? 0)
    if (!matched) return
    slice[2]++
    counts.samples = withSample(counts.samples, text)
  }
}

/** The newest few matching lines, without credentials and control characters. */
export function withSample(samples: readonly string[], line: string): string[] {
  const clean = redactText(line.replace(/\p{Cc}+/gu, ' ').slice(0, 2 * SAMPLE_LENGTH)).slice(0, SAMPLE_LENGTH)
  return [...samples, clean].slice(-SAMPLES)
}

/** The slices that are still in the window. */
export function inWindow(slices: readonly Slice[], within: Millis, now: Millis): Slice[] {
  const length = sliceOf(within)
  return slices.filter(([at]) => at + length > now - within)
}
