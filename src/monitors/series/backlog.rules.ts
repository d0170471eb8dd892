import { segmentsOf } from './resets.rules.ts'
import type { Point } from './series.ts'
import { robustSlope } from './slope.rules.ts'

export interface BacklogInput {
  /** After this age what waits is thrown away. */
  retentionMs: number
  /** How long before the loss somebody must know. */
  warnMs: number
  now: number
}

/** Whether what waits is worked off before it is thrown away. */
export interface Backlog {
  outcome: 'well' | 'old' | 'will-be-lost' | 'being-lost' | 'no-data'
  ageMs: number
  /** By how much the oldest grows older in a second: 0 where it is worked off in time, 1 where nothing moves. */
  pace: number | null
  /** When the first data are lost if it goes on like this; null for never. */
  lostAt: number | null
}

// How it was worked off an hour ago says nothing of whether it is now.
const RECENT = 8

/** Judges the age of the oldest that waits, in milliseconds, against its retention. */
export function judgeBacklog(points: readonly Point[], { retentionMs, warnMs, now }: BacklogInput): Backlog {
  const newest = points.at(-1)
  if (!newest || !Number.isFinite(newest.value))
    return { outcome: 'no-data', ageMs: Number.NaN, pace: null, lostAt: null }
  const ageMs = newest.value
  const piece = segmentsOf(points).at(-1)!.slice(-RECENT)
  const slope = piece.length >= 3 ? robustSlope([piece]) : null
  // Nothing grows older by more than a second in a second, other than by a jump to an older one.
  const pace = slope ? Math.max(0, Math.min(slope.middle, 1)) : null
  if (ageMs >= retentionMs) return { outcome: 'being-lost', ageMs, pace, lostAt: newest.at }
  // Too few values to know better: the oldest stays where it is, and that is the worst case.
  const assumed = pace ?? 1
  const lostAt = assumed > 0.01 ? newest.at + (retentionMs - ageMs) / assumed : null
  if (pace !== null && lostAt !== null && lostAt - now <= warnMs)
    return { outcome: 'will-be-lost', ageMs, pace, lostAt }
  if (ageMs >= retentionMs / 2) return { outcome: 'old', ageMs, pace, lostAt: pace === null ? null : lostAt }
  return { outcome: 'well', ageMs, pace, lostAt: pace === null ? null : lostAt }
}
