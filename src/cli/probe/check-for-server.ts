import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../kit/clock.ts'
import { SECOND } from '../../kit/duration.ts'
import { reasonOf } from '../../kit/errors.ts'
import type { Log } from '../../kit/log.ts'
import {
  checkOnce,
  firstDelay,
  kindNamed,
  nextDue,
  type PlaceWork,
  stopKinds,
  WORK_EVERY,
} from '../../monitors/index.ts'
import { Spool } from './spool.ts'

export interface ProbeOptions {
  place: string
  url: string
  token: string
  /** Where its work and its spool lie. */
  data: string
  version: string
  clock: Clock
  log: Log
}

const DELIVER_EVERY = SECOND
const AT_ONCE = 500
const PATIENCE = 20_000
const LONGEST_SUMMARY = 2_000

/** Checks the monitors of one place; what it saw goes to its disk first and then to the server, once. */
export class Probe {
  readonly #options: ProbeOptions
  readonly #spool: Spool
  readonly #cancels = new Map<string, () => void>()
  readonly #memories = new Map<string, unknown>()
  #work: PlaceWork[] = []
  #stopped = false
  #reached = true
  #timers: (() => void)[] = []

  constructor(options: ProbeOptions) {
    this.#options = options
    mkdirSync(options.data, { recursive: true, mode: 0o700 })
    this.#spool = new Spool(join(options.data, 'spool.db'))
  }

  /** Goes on with the work that is known, and asks for what is new. */
  start(): void {
    this.#take(this.#known())
    this.#repeat(WORK_EVERY, () => this.#ask())
    this.#repeat(DELIVER_EVERY, () => this.#deliver())
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const cancel of [...this.#timers, ...this.#cancels.values()]) cancel()
    await this.#deliver()
    await stopKinds(this.#options.clock)
    this.#spool.close()
  }

  #repeat(every: number, work: () => Promise<void>): void {
    const i = this.#timers.length
    const round = () => {
      void work().finally(() => {
        if (!this.#stopped) this.#timers[i] = this.#options.clock.after(every, round)
      })
    }
    this.#timers[i] = () => {}
    round()
  }

  get #file(): string {
    return join(this.#options.data, 'work.json')
  }

  #known(): PlaceWork[] {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as PlaceWork[]
    } catch {
      return [] // Nothing yet, or cut short: the server tells it again.
    }
  }

  async #post(what: 'work' | 'observations', body: object): Promise<unknown> {
    const { url, place, token } = this.#options
    const response = await fetch(`${url.replace(/\/+$/, '')}/probe/${place}/${what}`, {
      method: 'POST',
      // The token goes nowhere else.
      redirect: 'error',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': 'tocsin-probe',
      },
      body: JSON.stringify({ version: this.#options.version, lost: this.#spool.lost(), ...body }),
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return response.json()
  }

  #tell(error: unknown): void {
    const cause = error instanceof Error && error.cause ? error.cause : error
    if (error === null && !this.#reached) this.#options.log.warn({}, 'the server answers again')
    if (error !== null && this.#reached)
      this.#options.log.error({ why: reasonOf(cause) }, 'the server does not take anything; checking goes on')
    this.#reached = error === null
  }

  async #ask(): Promise<void> {
    try {
      const { monitors } = (await this.#post('work', {})) as { monitors: PlaceWork[] }
      this.#tell(null)
      // Specs may hold credentials of what is checked.
      writeFileSync(`${this.#file}.new`, JSON.stringify(monitors), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
      this.#take(monitors)
    } catch (error) {
      this.#tell(error)
    }
  }

  /** Sets what is new or changed, and leaves the rest in its rhythm. */
  #take(monitors: PlaceWork[]): void {
    const before = new Map(this.#work.map((one) => [one.id, one]))
    this.#work = monitors
    for (const id of before.keys())
      if (!monitors.some((one) => one.id === id)) {
        this.#cancels.get(id)?.()
        this.#cancels.delete(id)
        this.#memories.delete(id)
      }
    for (const one of monitors) {
      if (before.get(one.id)?.version === one.version) continue
      this.#cancels.get(one.id)?.()
      this.#memories.delete(one.id)
      this.#at(one, this.#options.clock.now() + firstDelay(one.id, one.every, monitors.length))
    }
  }

  #at(one: PlaceWork, due: number): void {
    const { clock, log } = this.#options
    const cancel = clock.after(Math.max(0, due - clock.now()), () => {
      // A clock that was set makes neither a storm nor a pause.
      const next = nextDue(due, one.every, clock.now()).at
      this.#at(one, Math.min(next, clock.now() + one.every))
      this.#check(one).catch((error: unknown) =>
        log.error({ monitor: one.id, error: reasonOf(error) }, 'a check could not be kept'),
      )
    })
    this.#cancels.set(one.id, cancel)
  }

  async #check(one: PlaceWork): Promise<void> {
    const { clock } = this.#options
    const { verdict, reason, summary, tookMs, memory } = await checkOnce(kindNamed(one.kind), one.spec, {
      clock,
      deadlineMs: one.timeout,
      memory: this.#memories.get(one.id) ?? null,
      monitorId: one.id,
    })
    if (this.#stopped) return
    if (memory !== undefined) this.#memories.set(one.id, memory)
    this.#spool.add({
      monitorId: one.id,
      at: clock.now(),
      verdict,
      reason,
      summary: summary.slice(0, LONGEST_SUMMARY),
      tookMs,
    })
  }

  async #deliver(): Promise<void> {
    try {
      for (;;) {
        const items = this.#spool.first(AT_ONCE)
        if (items.length === 0) return
        const sentAt = this.#options.clock.now()
        const { upTo } = (await this.#post('observations', { spool: this.#spool.id, sentAt, items })) as {
          upTo: number
        }
        this.#tell(null)
        this.#spool.forget(upTo)
        if (upTo < items[0]!.seq) return
      }
    } catch (error) {
      this.#tell(error)
    }
  }
}
