import { z } from 'zod'
import { parseDuration, writeDuration } from '../kit/duration.ts'

/** A duration as people write it, in milliseconds, within bounds. */
export function durationField(least = 0, most: number = Number.MAX_SAFE_INTEGER) {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== null && ms >= least && ms <= most) return ms
    const bounds = ms === null ? '' : `, at least ${writeDuration(least)} and at most ${writeDuration(most)}`
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not a duration${bounds}; write it like 7d`,
    })
    return z.NEVER
  })
}
