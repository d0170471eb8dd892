import { DAY } from '../../kit/duration.ts'
import { changeOver } from './rate.rules.ts'
import { median, type Point } from './series.ts'

export interface GrowthInput {
  /** The stretch over which growth is measured: an hour, a day. */
  perMs: number
  /** The most that it may grow in one stretch; null for no limit of its own. */
  atMost: number | null
  /** How many times its usual growth is too much; null where the past does not count. */
  factor: number | null
  now: number
}

/** How much a series grew, beside what it usually does at this hour. */
export interface Growth {
  outcome: 'usual' | 'too-much' | 'unlike-its-past' | 'no-data'
  change: number
  /** The usual change in the same stretch; null where the past is too short. */
  usual: number | null
  /** With how many days before it was compared: none where there are too few. */
  compared: number
}

const FEWEST = 3
const MOST = 28

/**
 * Compares the growth in the last stretch with that at the same hour of the days before. The hours before it are no
 * measure: every morning is unlike its night.
 */
export function judgeGrowth(points: readonly Point[], { perMs, atMost, factor, now }: GrowthInput): Growth {
  const change = changeOver(points, now - perMs, now)
  if (change === null) return { outcome: 'no-data', change: Number.NaN, usual: null, compared: 0 }
  const past = changesBack(points, perMs, now, Math.max(DAY, Math.ceil(perMs / DAY) * DAY))
  const enough = past.length >= FEWEST
  const usual = enough ? median(past) : null
  const told = { change, usual, compared: enough ? past.length : 0 }
  if (atMost !== null && change > atMost) return { outcome: 'too-much', ...told }
  if (factor === null || usual === null) return { outcome: 'usual', ...told }
  // A quiet past makes any growth a multiple: it must also be more than it ever was.
  const most = Math.max(...past)
  const unlike = change > 0 && change > factor * Math.max(usual, 0) && change > 1.2 * most
  return { outcome: unlike ? 'unlike-its-past' : 'usual', ...told }
}

function changesBack(points: readonly Point[], perMs: number, now: number, step: number): number[] {
  const changes: number[] = []
  for (let back = 1; back <= MOST; back++) {
    const change = changeOver(points, now - back * step - perMs, now - back * step)
    if (change === null) break
    changes.push(change)
  }
  return changes
}
