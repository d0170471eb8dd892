import { availableParallelism } from 'node:os'
import type { Browser } from 'playwright-core'
import type { Clock } from '../../../kit/clock.ts'
import { MINUTE, SECOND } from '../../../kit/duration.ts'
import { failure, hasFailed, orAborted, type StepFailure } from '../../net/failure.ts'
import { inTime } from './in-time.ts'
import { killGroup, type StartedBrowser, startBrowser } from './start-browser.ts'

/** A browser for one journey. */
export interface Borrowed {
  browser: Browser
  pid: number
  /** Must be called once. A browser that hangs is given to nobody else, and ended at once. */
  giveBack(state: 'well' | 'hung'): Promise<void>
}
export type NoBrowser = StepFailure<'journey.no-browser' | 'journey.crowded'>

export interface SharedBrowserOptions {
  env: Record<string, string | undefined>
  start: (env: Record<string, string | undefined>) => ReturnType<typeof startBrowser>
  /** How many journeys are under way at once. */
  seats: number
  idleMs: number
  /** After so many journeys a new browser takes its place: whatever leaks is bounded. */
  mostJourneys: number
}

const PATIENCE = 2 * SECOND

interface InUse {
  started: StartedBrowser
  users: number
  journeys: number
  retired: boolean
  /** Kept when its last user has left it after it was retired. */
  free: PromiseWithResolvers<void>
  ended: Promise<void> | null
}

/** One Chromium for the whole process, started when it is first needed and ended when nobody uses it. */
export class SharedBrowser {
  readonly #options: SharedBrowserOptions
  #current: InUse | null = null
  #starting: ReturnType<typeof startBrowser> | null = null
  #taken = 0
  readonly #queue: (() => void)[] = []
  #cancelIdle = () => {}
  readonly #ending = new Set<Promise<void>>()

  constructor(options: Partial<SharedBrowserOptions> = {}) {
    this.#options = {
      env: process.env,
      start: startBrowser,
      seats: seatsOf(process.env),
      idleMs: MINUTE,
      mostJourneys: 200,
      ...options,
    }
  }

  /** The process of the browser that runs; null where none does. */
  get pid(): number | null {
    return this.#current?.started.pid ?? null
  }

  /** Waits for a place; `keep` leaves the browser running for a while afterwards. */
  async borrow(clock: Clock, signal: AbortSignal, keep: boolean): Promise<Borrowed | NoBrowser> {
    const crowded = () =>
      failure(
        'journey.crowded',
        `no browser was free in time: ${this.#options.seats} journeys at once are allowed on this machine`,
      )
    if (!(await this.#takeSeat(signal))) return crowded()
    this.#cancelIdle()
    const running = this.#running(clock)
    const inUse = await orAborted(signal, null, running)
    if (inUse === null || hasFailed(inUse)) {
      this.#leaveSeat()
      // It may come later, and nobody waits for it any more.
      if (inUse === null)
        void running.then((late) => (hasFailed(late) ? undefined : this.#rest(late, clock, false)))
      return inUse ?? failure('journey.no-browser', 'the browser did not start in time')
    }
    inUse.users++
    inUse.journeys++
    const { started } = inUse
    return {
      browser: started.browser,
      pid: started.pid,
      giveBack: async (state) => {
        inUse.users--
        if (state === 'hung') {
          this.#retire(inUse)
          killGroup(started.pid)
        }
        if (inUse.journeys >= this.#options.mostJourneys) this.#retire(inUse)
        this.#leaveSeat()
        await this.#rest(inUse, clock, keep)
      },
    }
  }

  /** What becomes of a browser that somebody has given back. */
  async #rest(inUse: InUse, clock: Clock, keep: boolean): Promise<void> {
    if (inUse.users > 0) return
    if (inUse.retired) inUse.free.resolve()
    if (inUse.retired || !inUse.started.browser.isConnected()) return this.#end(inUse, clock)
    // Somebody else is about to use it.
    if (this.#taken > 0) return
    if (!keep) return this.#end(inUse, clock)
    this.#cancelIdle()
    this.#cancelIdle = clock.after(this.#options.idleMs, () => {
      if (inUse.users === 0) void this.#end(inUse, clock)
    })
  }

  /** Ends the browser. Journeys that are under way have a moment to end by themselves. */
  async stop(clock: Clock): Promise<void> {
    this.#cancelIdle()
    // One that is on its way comes first, and is ended too.
    await this.#starting
    const current = this.#current
    if (current) {
      this.#retire(current)
      if (current.users > 0) await inTime(clock, PATIENCE, current.free.promise)
      void this.#end(current, clock)
    }
    await Promise.all(this.#ending)
  }

  async #running(clock: Clock): Promise<InUse | StepFailure<'journey.no-browser'>> {
    const current = this.#current
    if (current?.started.browser.isConnected()) return current
    // It has died. Whoever still uses it ends it.
    if (current?.users === 0) void this.#end(current, clock)
    // Those that come meanwhile wait for the same one.
    this.#starting ??= this.#options.start(this.#options.env).finally(() => {
      this.#starting = null
    })
    const started = await this.#starting
    if (hasFailed(started)) return started
    if (this.#current?.started !== started)
      this.#current = {
        started: started as StartedBrowser,
        users: 0,
        journeys: 0,
        retired: false,
        free: Promise.withResolvers(),
        ended: null,
      }
    return this.#current!
  }

  #retire(inUse: InUse): void {
    inUse.retired = true
    if (this.#current === inUse) this.#current = null
  }

  #end(inUse: InUse, clock: Clock): Promise<void> {
    this.#retire(inUse)
    if (inUse.ended) return inUse.ended
    const ended = inUse.started.stop(clock).finally(() => this.#ending.delete(ended))
    inUse.ended = ended
    this.#ending.add(ended)
    return ended
  }

  async #takeSeat(signal: AbortSignal): Promise<boolean> {
    if (this.#taken < this.#options.seats) {
      this.#taken++
      return true
    }
    const turn = Promise.withResolvers<true>()
    const take = () => turn.resolve(true)
    this.#queue.push(take)
    if (await orAborted(signal, false, turn.promise)) return true
    const index = this.#queue.indexOf(take)
    // The turn came at the last moment: it goes to the next one.
    if (index < 0) this.#leaveSeat()
    else this.#queue.splice(index, 1)
    return false
  }

  #leaveSeat(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#taken--
  }
}

function seatsOf(env: Record<string, string | undefined>): number {
  const wanted = Number(env.TOCSIN_JOURNEYS_AT_ONCE)
  return Number.isInteger(wanted) && wanted >= 1 && wanted <= 64
    ? wanted
    : Math.max(2, Math.min(4, availableParallelism()))
}

/** The one of this process. */
export const sharedBrowser = new SharedBrowser()
