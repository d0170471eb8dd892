import type { Millis } from '../kit/clock.ts'
import { SECOND } from '../kit/duration.ts'

// So many new connections per second a small machine makes without delay.
const STARTS_APART = 3
const LONGEST_START = 30 * SECOND

/** Where in its interval a monitor stands: always the same for the same id, and even over all of them. */
export function phaseOf(id: string): number {
  // FNV-1a, and a last mix: ids that differ in one digit must not stand side by side.
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/**
 * How long after the start each monitor is checked first: a handful at once, thousands spread over half a
 * minute, and none later than its own interval.
 */
export function firstDelay(id: string, every: Millis, monitors: number): Millis {
  const span = Math.min(LONGEST_START, every, (monitors - 1) * STARTS_APART)
  return Math.floor(phaseOf(id) * span)
}

/** When the check after the one due at `dueAt` is due: times that have passed already are left out. */
export function nextDue(dueAt: Millis, interval: Millis, now: Millis): { at: Millis; skipped: number } {
  const at = dueAt + interval
  if (at > now) return { at, skipped: 0 }
  const skipped = Math.floor((now - at) / interval) + 1
  return { at: at + skipped * interval, skipped }
}

/** How long after one check the next is due: sooner while a change waits for its confirmation. */
export function checkInterval(
  { every, retryEvery }: { every: Millis; retryEvery: Millis },
  waits: boolean,
): Millis {
  return waits ? Math.min(retryEvery, every) : every
}
