import type { Millis } from '../../kit/clock.ts'

/**
 * Counts the checks that should have been done, by the intervals alone: what the scheduler does or leaves undone
 * has no influence on it. A clock that jumps adds nothing.
 */
export class ExpectedLedger {
  #perMs = 0
  #expected = 0
  #at: Millis | null = null
  readonly #longest: Millis

  /** Steps longer than `longest` are a jump of the clock, or time in which nobody was there. */
  constructor(longest: Millis) {
    this.#longest = longest
  }

  /** Takes over the intervals of all monitors that are to be checked. */
  plan(intervals: Iterable<Millis>, now: Millis): void {
    this.expectedAt(now)
    this.#perMs = 0
    for (const every of intervals) this.#perMs += 1 / every
  }

  /** What should have been done by now. */
  expectedAt(now: Millis): number {
    if (this.#at !== null) {
      const passed = now - this.#at
      if (passed > 0 && passed <= this.#longest) this.#expected += passed * this.#perMs
    }
    this.#at = now
    return this.#expected
  }
}
