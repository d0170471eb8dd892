/** How many checks run at once. Those that were slow the last time have places of their own. */
export interface LaneLimits {
  quick: number
  slow: number
  /** Checks that start a program of the system; each takes memory and a process. */
  process?: number
}

/**
 * Places for running checks: whoever finds none waits in order. Targets that accept and never answer fill the
 * slow lane only, so that they delay each other and nobody else.
 */
export class Lane {
  #running = 0
  readonly #waiting: (() => void)[] = []
  readonly #limit: number
  constructor(limit: number) {
    this.#limit = limit
  }

  get running(): number {
    return this.#running
  }
  get waiting(): number {
    return this.#waiting.length
  }

  /** Runs the work as soon as there is a place. The work must not throw. */
  enter(work: () => Promise<void>): void {
    if (this.#running >= this.#limit) {
      this.#waiting.push(() => this.enter(work))
      return
    }
    this.#running++
    void work().finally(() => {
      this.#running--
      this.#waiting.shift()?.()
    })
  }
}
