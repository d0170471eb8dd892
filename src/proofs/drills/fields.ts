import { z } from 'zod'
import type { Millis } from '../../kit/clock.ts'
import { DURATION_PATTERN, parseDuration, writeDuration } from '../../kit/duration.ts'
import { FAULT_NAMES } from '../faults/registry.ts'

/** A duration as people write it; it stays text, so that settings are shown as they were written. */
export function durationBetween(least: Millis, most: Millis) {
  return z
    .string()
    .regex(DURATION_PATTERN, 'write a duration such as 5m, 12h or 7d')
    .refine(
      (text) => {
        const ms = parseDuration(text)
        return ms === null || (ms >= least && ms <= most)
      },
      `write at least ${writeDuration(least)} and at most ${writeDuration(most)}`,
    )
}

/** The milliseconds of a duration that has been validated. */
export function millis(text: string): Millis {
  return parseDuration(text)!
}

/** The name of a fault of the registry. */
export const faultName = z.enum(FAULT_NAMES as [string, ...string[]])

/** A healthy answer, where the monitor's demands alone do not tell one. */
export const sample = z.string().max(100_000).optional().meta({
  title: 'Sample',
  description: 'A body (or TCP banner) that satisfies the monitor, for the healthy control.',
})
