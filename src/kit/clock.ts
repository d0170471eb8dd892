/** Time is handed in: everything outside `kit/clock` and `engine/` asks a Clock. */

/** Milliseconds since the Unix epoch. */
export type Millis = number

export interface Clock {
  /** The present, in milliseconds since the Unix epoch. */
  now(): Millis
  /** Calls `fn` once, `ms` from now; the returned function takes it back. */
  after(ms: Millis, fn: () => void): () => void
}

// A longer delay overflows Node's 32-bit timer and would fire at once: it is waited for in pieces.
const LONGEST_TIMER = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    let timer: NodeJS.Timeout
    const wait = (left: Millis) => {
      const step = Math.min(left, LONGEST_TIMER)
      timer = setTimeout(() => (left > step ? wait(left - step) : fn()), step)
    }
    wait(Math.max(0, ms))
    return () => clearTimeout(timer)
  },
}

export interface TravelClock extends Clock {
  /** The instant of the earliest pending `after`, or null. */
  nextAt(): Millis | null
  /** Moves to `at` (never backwards) and runs what falls due on the way, in order. */
  moveTo(at: Millis): void
}

/** A clock that stands still until it is moved: for drills, replays and story tests. */
export function travelClock(start: Millis): TravelClock {
  let now = start
  let sequence = 0
  const pending = new Map<number, { at: Millis; fn: () => void }>()
  const earliest = () => {
    let best: [number, { at: Millis; fn: () => void }] | null = null
    for (const entry of pending) if (!best || entry[1].at < best[1].at) best = entry
    return best
  }
  return {
    now: () => now,
    after(ms, fn) {
      const id = sequence++
      pending.set(id, { at: now + Math.max(0, ms), fn })
      return () => void pending.delete(id)
    },
    nextAt: () => earliest()?.[1].at ?? null,
    moveTo(at) {
      for (let next = earliest(); next && next[1].at <= at; next = earliest()) {
        pending.delete(next[0])
        now = Math.max(now, next[1].at)
        next[1].fn()
      }
      now = Math.max(now, at)
    },
  }
}

/** Resolves `ms` later on the given clock. */
export function sleep(clock: Clock, ms: Millis): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}

/** An instant as RFC 3339 in UTC, the only form in which the API shows time. */
export function iso(at: Millis): string {
  return new Date(at).toISOString()
}

export function isoOrNull(at: Millis | null | undefined): string | null {
  return at === null || at === undefined ? null : iso(at)
}
