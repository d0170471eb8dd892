import type { Clock } from '../kit/clock.ts'
import { TocsinError } from '../kit/errors.ts'

// Beyond this many addresses the oldest are forgotten: a flood must not fill the memory.
const MOST_ADDRESSES = 10_000

/** Counts attempts by address in a window; a light brake before the account's own one. */
export interface Attempts {
  /** Counts one; throws `too-many-requests` when there were too many. */
  count(address: string): void
}

/** Thrown where a caller must wait; carries the seconds for `Retry-After`. */
export class TooManyAttempts extends TocsinError {
  readonly retryAfterSeconds: number
  constructor(what: string, retryAfterSeconds: number) {
    super('too-many-requests', `${what}. Try again in ${retryAfterSeconds} s.`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** At most `limit` attempts per address in `windowMs`. */
export function countAttempts(clock: Clock, limit: number, windowMs: number): Attempts {
  const seen = new Map<string, { count: number; until: number }>()
  return {
    count(address) {
      const now = clock.now()
      let entry = seen.get(address)
      if (!entry || entry.until <= now) {
        seen.delete(address)
        entry = { count: 0, until: now + windowMs }
        seen.set(address, entry)
        if (seen.size > MOST_ADDRESSES) seen.delete(seen.keys().next().value!)
      }
      entry.count++
      if (entry.count > limit)
        throw new TooManyAttempts(
          'Too many attempts from this address',
          Math.max(1, Math.ceil((entry.until - now) / 1_000)),
        )
    },
  }
}
