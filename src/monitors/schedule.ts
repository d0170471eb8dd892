import { holdLease, releaseLease } from '../engine/leases.ts'
import { ExpectedLedger } from '../engine/life/ledger.ts'
import type { Loop } from '../engine/loop.ts'
import { type Remembered, remember } from '../engine/remember.ts'
import type { World } from '../engine/world.ts'
import type { Clock } from '../kit/clock.ts'
import { MINUTE, SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { type CheckOptions, checkOnce } from './check-once.ts'
import { CheckRecorder, type Judged } from './check-recorder.ts'
import { DueHeap } from './due-heap.ts'
import { kindNamed, stopKinds } from './kinds/find-kind.ts'
import { Lane, type LaneLimits } from './lanes.ts'
import { allMemories } from './memories.rows.ts'
import type { Monitor } from './monitor.ts'
import { allMonitors } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { checkFromPlaces } from './places/check-from-places.ts'
import { configurationSeq } from './schedule.rows.ts'
import { checkInterval, firstDelay, nextDue, phaseOf } from './schedule.rules.ts'
import { allStates, knownFingerprints } from './states.rows.ts'
import { NOT_CHECKED, ONCE, type Thresholds } from './verdict.rules.ts'

/** Looks at one monitor now; null when it was not looked at. In a story or a drill something else stands in. */
export type CheckTarget = (
  monitor: Monitor,
  clock: Clock,
  kept?: Pick<CheckOptions, 'memory' | 'monitorId' | 'read'>,
) => Promise<Observation | null>

/** The real check, with its deadline. */
export const checkMonitor: CheckTarget = (monitor, clock, kept) =>
  checkOnce(kindNamed(monitor.kind), monitor.spec, { clock, deadlineMs: monitor.timeout, ...kept })

export interface ScheduleOptions {
  check: CheckTarget
  limits: LaneLimits
  /** For how many turns of the event loop `settle` waits for checks that do not end. */
  patience: number
}

export const SCHEDULE_DEFAULTS: ScheduleOptions = {
  check: checkMonitor,
  limits: { quick: 700, slow: 500, process: 24 },
  patience: 20_000,
}

/** What the scheduler has done, for /metrics. */
export interface ScheduleFigures {
  monitors: number
  running: number
  waiting: number
  checksStarted: number
  checksFinished: number
  /** Finished, and their result is in the history. */
  checksStored: number
  /** How many there should have been by now, by the intervals alone. */
  checksExpected: number
  /** Due while the one before was still running. */
  checksMissed: number
  /** Started more than a second after they were due. */
  checksLate: number
  latenessMaxMs: number
  /** When the next check is due; null when there is none. */
  nextDueAt: number | null
}

interface Entry extends Judged {
  /** Counts changes: what is in the heap of an older generation is stale. */
  generation: number
  busy: boolean
  /** Intervals since the last result: the check did not end, or broke. */
  missedInRow: number
  slow: boolean
}

const LATE = SECOND
// What takes longer than this share of its timeout waits among the slow the next time.
const SLOW_SHARE = 0.5
const LEASE = 'monitors.schedule'
const LEASE_MS = 15 * SECOND
const RENEW_AFTER = 5 * SECOND

/** Checks every enabled monitor when it is due. The order in memory is rebuilt from the store at any start. */
export class Schedule implements Loop {
  readonly name = 'monitors.schedule'
  readonly #world: World
  readonly #options: ScheduleOptions
  readonly #entries = new Map<string, Entry>()
  #heap = new DueHeap<{ id: string; generation: number }>()
  readonly #lanes: { quick: Lane; slow: Lane; process: Lane }
  readonly #recorder: CheckRecorder
  readonly #configured: Remembered<number>
  readonly #inFlight = new Set<Promise<void>>()
  /** What was seen and is being written: unlike a check, it ends. */
  readonly #storing = new Set<Promise<void>>()
  readonly #ledger = new ExpectedLedger(10 * MINUTE)
  #seq = -1
  #looked = false
  #generation = 0
  #leaseUntil = 0
  #stopped = false
  readonly #unsubscribe: () => void
  readonly #figures = {
    checksStarted: 0,
    checksFinished: 0,
    checksMissed: 0,
    checksLate: 0,
    latenessMaxMs: 0,
  }

  constructor(world: World, options: Partial<ScheduleOptions> = {}) {
    this.#world = world
    this.#options = { ...SCHEDULE_DEFAULTS, ...options }
    const { quick, slow, process = 24 } = this.#options.limits
    this.#lanes = { quick: new Lane(quick), slow: new Lane(slow), process: new Lane(process) }
    this.#recorder = new CheckRecorder(world)
    this.#configured = remember(world, () => configurationSeq(world.store.read))
    this.#unsubscribe = world.onCommit(() => {
      this.#looked = false
    })
  }

  figures(): ScheduleFigures {
    const lanes = Object.values(this.#lanes)
    return {
      monitors: this.#entries.size,
      running: lanes.reduce((sum, lane) => sum + lane.running, 0),
      waiting: lanes.reduce((sum, lane) => sum + lane.waiting, 0),
      ...this.#figures,
      checksStored: this.#recorder.stored,
      checksExpected: Math.floor(this.#ledger.expectedAt(this.#world.clock.now())),
      nextDueAt: this.#heap.nextAt(),
    }
  }

  async nextDueAt(): Promise<number | null> {
    if (this.#stopped) return null
    if (!this.#looked) return this.#world.clock.now()
    const times = [this.#heap.nextAt(), this.#recorder.flushAt].filter((at) => at !== null)
    return times.length > 0 ? Math.min(...times) : null
  }

  async runDue(): Promise<number> {
    if (this.#stopped || !(await this.#mayRun())) return 0
    // Another replica may have changed something: it is looked at each time round, which is each second at least.
    let did = (await this.#reload()) ? 1 : 0
    const now = this.#world.clock.now()
    this.#ledger.expectedAt(now)
    for (let due = this.#heap.take(now); due; due = this.#heap.take(now)) {
      const entry = this.#entries.get(due.item.id)
      if (!entry || entry.generation !== due.item.generation) continue
      did++
      await this.#tick(entry, due.at, now)
    }
    if (this.#recorder.flushAt !== null && now >= this.#recorder.flushAt) {
      await this.#recorder.flush()
      did++
    }
    return did
  }

  /** Waits for checks that are under way, but not for those that wait for the clock. */
  async settle(): Promise<void> {
    for (let turn = 0; this.#inFlight.size > 0 && turn < this.#options.patience; turn++)
      await new Promise((resolve) => setImmediate(resolve))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    await Promise.allSettled(this.#storing)
    await this.#recorder.flush()
    await stopKinds(this.#world.clock)
    if (this.#world.store.dialect === 'postgres') await releaseLease(this.#world, LEASE)
  }

  // One replica checks; the others take over when it falls. On SQLite there is one process.
  async #mayRun(): Promise<boolean> {
    if (this.#world.store.dialect !== 'postgres') return true
    const now = this.#world.clock.now()
    if (now < this.#leaseUntil - LEASE_MS + RENEW_AFTER) return true
    const held = await holdLease(this.#world, LEASE, LEASE_MS)
    // Between two of our terms another may have stored something; while another holds it we forget everything.
    if (held && this.#leaseUntil < now) this.#seq = -1
    if (!held) {
      this.#forget()
      this.#looked = true
    }
    this.#leaseUntil = held ? now + LEASE_MS : 0
    return held
  }

  /**
   * The clock has jumped: every check is set anew, spread over its interval. What was due meanwhile could not be done,
   * and is not made up for.
   */
  beginAnew(): void {
    const now = this.#world.clock.now()
    this.#heap = new DueHeap()
    this.#leaseUntil = 0
    for (const entry of this.#entries.values()) {
      const { id, every } = entry.monitor
      entry.generation = ++this.#generation
      entry.nextAt = now + Math.floor(phaseOf(id) * every)
      this.#heap.push(entry.nextAt, { id, generation: entry.generation })
    }
  }

  #forget(): void {
    this.#seq = -1
    this.#entries.clear()
    this.#heap = new DueHeap()
    this.#ledger.plan([], this.#world.clock.now())
  }

  /** Takes over what was configured since the last look. */
  async #reload(): Promise<boolean> {
    const db = this.#world.store.read
    const seq = await this.#configured.get()
    this.#looked = true
    if (seq === this.#seq) return false
    this.#seq = seq
    const [monitors, states] = [await allMonitors(db), await allStates(db)]
    const fingerprints = await knownFingerprints(db)
    const memories = await allMemories(db)
    const wanted = monitors.filter((monitor) => monitor.enabled && kindNamed(monitor.kind).check)
    const fresh = wanted.filter(
      (monitor) => this.#entries.get(monitor.id)?.monitor.version !== monitor.version,
    )
    for (const id of this.#entries.keys())
      if (!wanted.some((monitor) => monitor.id === id)) this.#entries.delete(id)
    for (const monitor of wanted) {
      const state = states.get(monitor.id)
      const known = this.#entries.get(monitor.id)
      if (known && state) known.state = state
    }
    const now = this.#world.clock.now()
    const intervals = wanted.map(({ every }) => every)
    this.#ledger.plan(intervals, now)
    for (const monitor of fresh) {
      const state = states.get(monitor.id)
      if (!state) continue
      const known = this.#entries.get(monitor.id)
      const generation = ++this.#generation
      const nextAt = now + firstDelay(monitor.id, monitor.every, fresh.length)
      const slow = known?.slow ?? false
      const fingerprint = fingerprints.get(monitor.id) ?? null
      this.#entries.set(monitor.id, {
        monitor,
        state,
        generation,
        // A check of the version before may still run: its result is not taken.
        busy: false,
        missedInRow: 0,
        slow,
        fingerprint,
        // What an older version remembered may not fit the parameters of this one.
        memory:
          known && known.monitor.version !== monitor.version ? null : (memories.get(monitor.id) ?? null),
        nextAt,
      })
      this.#heap.push(nextAt, { id: monitor.id, generation })
    }
    return true
  }

  /** A monitor is due: its next check is set before this one begins, whatever becomes of it. */
  async #tick(entry: Entry, dueAt: number, now: number): Promise<void> {
    const { monitor } = entry
    const interval = checkInterval(monitor, entry.state.candidate !== null)
    const next = nextDue(dueAt, interval, now)
    entry.nextAt = next.at
    this.#heap.push(next.at, { id: monitor.id, generation: entry.generation })
    this.#figures.checksMissed += next.skipped
    const lateness = now - dueAt
    this.#figures.latenessMaxMs = Math.max(this.#figures.latenessMaxMs, lateness)
    if (lateness > LATE) this.#figures.checksLate++
    if (entry.busy) {
      this.#figures.checksMissed++
      this.#miss(entry, now)
      return
    }
    entry.busy = true
    const ownProcess = kindNamed(monitor.kind).cost === 'process'
    this.#lanes[ownProcess ? 'process' : entry.slow ? 'slow' : 'quick'].enter(() =>
      this.#track(this.#check(entry)),
    )
  }

  /** After two intervals without a result nobody knows any more how it is. */
  #miss(entry: Entry, now: number): void {
    const { log } = this.#world
    entry.missedInRow++
    if (entry.missedInRow < 2 || this.#stopped) return
    const stored = this.#store(entry, NOT_CHECKED, now, ONCE).catch((error: unknown) =>
      log.error(
        { monitor: entry.monitor.id, error: reasonOf(error) },
        'an unknown monitor could not be recorded',
      ),
    )
    void this.#track(stored)
  }

  #track(work: Promise<void>): Promise<void> {
    this.#inFlight.add(work)
    return work.finally(() => this.#inFlight.delete(work))
  }

  async #check(entry: Entry): Promise<void> {
    const { clock, log } = this.#world
    const started = clock.now()
    this.#figures.checksStarted++
    try {
      const observation = await checkFromPlaces(this.#world, entry.monitor, () =>
        this.#options.check(entry.monitor, clock, {
          memory: entry.memory,
          monitorId: entry.monitor.id,
          read: this.#world.store.read,
        }),
      )
      const at = clock.now()
      entry.busy = false
      entry.slow = at - started > entry.monitor.timeout * SLOW_SHARE
      this.#figures.checksFinished++
      // The monitor was changed or removed while it was checked.
      if (this.#entries.get(entry.monitor.id) !== entry || this.#stopped) return
      if (observation !== null) await this.#store(entry, observation, at)
      entry.missedInRow = 0
    } catch (error) {
      entry.busy = false
      log.error({ monitor: entry.monitor.id, error: reasonOf(error) }, 'a check could not be recorded')
      if (this.#entries.get(entry.monitor.id) === entry) this.#miss(entry, clock.now())
    }
  }

  async #store(entry: Entry, observation: Observation, at: number, thresholds?: Thresholds): Promise<void> {
    const waited = entry.state.candidate !== null
    const recorded = this.#recorder.record(entry, observation, at, thresholds)
    this.#storing.add(recorded)
    await recorded.finally(() => this.#storing.delete(recorded))
    if (!waited && entry.state.candidate) this.#retrySoon(entry, at)
  }

  // A change that waits for its confirmation is looked at again sooner than the interval says.
  #retrySoon(entry: Entry, now: number): void {
    const at = now + checkInterval(entry.monitor, true)
    if (at >= entry.nextAt) return
    entry.generation = ++this.#generation
    entry.nextAt = at
    this.#heap.push(at, { id: entry.monitor.id, generation: entry.generation })
  }
}
