/** How a replay is shown: when each moment of it comes, so that quiet hours pass in a breath. */
export interface ReplayPace {
  /** The moments that are shown one after the other, in milliseconds after the onset. */
  moments: number[]
  /** When each of them comes, in milliseconds of watching. */
  shownAt: number[]
  /** How long all of it takes. */
  length: number
}

const WHOLE = 14_000
const SHORTEST_GAP = 250
const LONGEST_GAP = 1_600

/** A pace for these moments: in proportion, but no gap is too short to see or too long to wait for. */
export function paceOf(moments: readonly number[]): ReplayPace {
  const sorted = [...new Set([0, ...moments])].sort((a, b) => a - b)
  const span = sorted.at(-1)! - sorted[0]!
  const shownAt: number[] = []
  let length = 0
  for (const [place, moment] of sorted.entries()) {
    if (place > 0) {
      const share = ((moment - sorted[place - 1]!) / span) * WHOLE
      length += Math.min(LONGEST_GAP, Math.max(SHORTEST_GAP, share))
    }
    shownAt.push(length)
  }
  return { moments: sorted, shownAt, length }
}

/** Which moment is reached after so much watching. */
export function momentAt({ moments, shownAt, length }: ReplayPace, watched: number): number {
  if (watched >= length) return moments.at(-1)!
  const next = shownAt.findIndex((at) => at > watched)
  if (next <= 0) return moments[0]!
  const [from, to] = [shownAt[next - 1]!, shownAt[next]!]
  const [start, end] = [moments[next - 1]!, moments[next]!]
  return start + ((watched - from) / (to - from)) * (end - start)
}

/** After how much watching a moment is reached. */
export function watchedAt({ moments, shownAt, length }: ReplayPace, moment: number): number {
  const next = moments.findIndex((one) => one > moment)
  if (next < 0) return length
  if (next === 0) return 0
  const [start, end] = [moments[next - 1]!, moments[next]!]
  const [from, to] = [shownAt[next - 1]!, shownAt[next]!]
  return from + ((moment - start) / (end - start)) * (to - from)
}

/** The first moment after this one; null where nothing more comes. */
export function nextMoment({ moments }: ReplayPace, moment: number): number | null {
  return moments.find((one) => one > moment) ?? null
}

/** When it was known, and when somebody was reached; null where that is not recorded, or never came. */
export interface Phases {
  noticed: number | null
  reached: number | null
}

const WORTH_DRAWING = 4

/** Where the drawing ends: a long tail in which nothing more is gained would press all else to its edge. */
export function drawnUntil(last: number, phases: readonly Phases[]): number {
  const times = phases.flatMap(({ noticed, reached }) => [noticed ?? 0, reached ?? 0])
  const decided = Math.max(0, ...times)
  return decided > 0 && last > WORTH_DRAWING * decided ? 2 * decided : last
}

interface Line {
  afterMs: number
  what: string
}

/** The phases of what would come of it, from its own lines. */
export function phasesOf(lines: readonly Line[]): Phases {
  const first = (what: string) =>
    lines.find((line) => line.what === what && line.afterMs >= 0)?.afterMs ?? null
  return { noticed: first('alert'), reached: first('page') }
}
