import { holdLease, releaseLease } from '../engine/leases.ts'
import type { Loop } from '../engine/loop.ts'
import type { World } from '../engine/world.ts'
import type { Clock } from '../kit/clock.ts'
import { SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { checkOnce } from './check-once.ts'
import { DueHeap } from './due-heap.ts'
import { GroupCommit } from './group-commit.ts'
import { kindNamed } from './kinds/find-kind.ts'
import { Lane, type LaneLimits } from './lanes.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import { allMonitors } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { type HistoryEntry, holdsFor, recordHistory } from './record-history.ts'
import { type ObservationInput, type Recorded, recordObservationIn } from './record-observation.ts'
import { configurationSeq } from './schedule.rows.ts'
import { firstDelay, nextDue } from './schedule.rules.ts'
import { allStates, type CheckTrace, findState, writeCertificate, writeTraces } from './states.rows.ts'
import { changesState, NOT_CHECKED, takeObservation } from './verdict.rules.ts'

/** Looks at one monitor now; null when it was not looked at. In a story or a drill something else stands in. */
export type CheckTarget = (monitor: Monitor, clock: Clock) => Promise<Observation | null>

/** The real check, with its deadline. */
export const checkMonitor: CheckTarget = (monitor, clock) =>
  checkOnce(kindNamed(monitor.kind), monitor.spec, { clock, deadlineMs: monitor.timeout })

export interface ScheduleOptions {
  check: CheckTarget
  limits: LaneLimits
  /** For how many turns of the event loop `settle` waits for checks that do not end. */
  patience: number
}

export const SCHEDULE_DEFAULTS: ScheduleOptions = {
  check: checkMonitor,
  limits: { quick: 700, slow: 500 },
  patience: 20_000,
}

/** What the scheduler has done, for /metrics. */
export interface ScheduleFigures {
  monitors: number
  running: number
  waiting: number
  checksStarted: number
  checksFinished: number
  /** Due while the one before was still running. */
  checksMissed: number
  /** Started more than a second after they were due. */
  checksLate: number
  latenessMaxMs: number
  /** When the next check is due; null when there is none. */
  nextDueAt: number | null
}

interface Entry {
  monitor: Monitor
  state: MonitorState
  /** Counts changes: what is in the heap of an older generation is stale. */
  generation: number
  busy: boolean
  missedInRow: number
  slow: boolean
  fingerprint: string | null
  nextAt: number
}

interface ChangeToRecord extends Omit<ObservationInput, 'monitorId'> {
  monitor: Monitor
}

const CHANGES_AT_ONCE = 100
const FLUSH_AFTER = SECOND
const FLUSH_ROWS = 500
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
  readonly #lanes: { quick: Lane; slow: Lane }
  /** When everything breaks at once, hundreds of changes share a transaction. */
  readonly #changes: GroupCommit<ChangeToRecord, Recorded>
  readonly #inFlight = new Set<Promise<void>>()
  #traces: CheckTrace[] = []
  #history: HistoryEntry[] = []
  #flushAt: number | null = null
  #flushing: Promise<void> | null = null
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
    this.#lanes = { quick: new Lane(this.#options.limits.quick), slow: new Lane(this.#options.limits.slow) }
    this.#changes = new GroupCommit(world, CHANGES_AT_ONCE, async (tx, changes) => {
      const recorded: Recorded[] = []
      for (const { monitor, ...input } of changes)
        recorded.push(await recordObservationIn(tx, world, monitor, input))
      return recorded
    })
    this.#unsubscribe = world.onCommit(() => {
      this.#looked = false
    })
  }

  figures(): ScheduleFigures {
    const { quick, slow } = this.#lanes
    return {
      monitors: this.#entries.size,
      running: quick.running + slow.running,
      waiting: quick.waiting + slow.waiting,
      ...this.#figures,
      nextDueAt: this.#heap.nextAt(),
    }
  }

  async nextDueAt(): Promise<number | null> {
    if (this.#stopped) return null
    if (!this.#looked) return this.#world.clock.now()
    const times = [this.#heap.nextAt(), this.#flushAt].filter((at) => at !== null)
    return times.length > 0 ? Math.min(...times) : null
  }

  async runDue(): Promise<number> {
    if (this.#stopped || !(await this.#mayRun())) return 0
    // Another replica may have changed something: it is looked at each time round, which is each second at least.
    let did = (await this.#reload()) ? 1 : 0
    const now = this.#world.clock.now()
    for (let due = this.#heap.take(now); due; due = this.#heap.take(now)) {
      const entry = this.#entries.get(due.item.id)
      if (!entry || entry.generation !== due.item.generation) continue
      did++
      await this.#tick(entry, due.at, now)
    }
    if (this.#flushAt !== null && (now >= this.#flushAt || this.#history.length >= FLUSH_ROWS)) {
      await this.#flush()
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
    await this.#flush()
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

  #forget(): void {
    this.#seq = -1
    this.#entries.clear()
    this.#heap = new DueHeap()
  }

  /** Takes over what was configured since the last look. */
  async #reload(): Promise<boolean> {
    const db = this.#world.store.read
    const seq = await configurationSeq(db)
    this.#looked = true
    if (seq === this.#seq) return false
    this.#seq = seq
    const [monitors, states] = [await allMonitors(db), await allStates(db)]
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
    for (const monitor of fresh) {
      const state = states.get(monitor.id)
      if (!state) continue
      const known = this.#entries.get(monitor.id)
      const generation = ++this.#generation
      const nextAt = now + firstDelay(monitor.id, monitor.every, fresh.length)
      const { slow = false, fingerprint = null } = known ?? {}
      this.#entries.set(monitor.id, {
        monitor,
        state,
        generation,
        // A check of the version before may still run: its result is not taken.
        busy: false,
        missedInRow: 0,
        slow,
        fingerprint,
        nextAt,
      })
      this.#heap.push(nextAt, { id: monitor.id, generation })
    }
    return true
  }

  /** A monitor is due: its next check is set before this one begins, whatever becomes of it. */
  async #tick(entry: Entry, dueAt: number, now: number): Promise<void> {
    const { monitor } = entry
    const interval = entry.state.candidate ? Math.min(monitor.retryEvery, monitor.every) : monitor.every
    const next = nextDue(dueAt, interval, now)
    entry.nextAt = next.at
    this.#heap.push(next.at, { id: monitor.id, generation: entry.generation })
    this.#figures.checksMissed += next.skipped
    const lateness = now - dueAt
    this.#figures.latenessMaxMs = Math.max(this.#figures.latenessMaxMs, lateness)
    if (lateness > LATE) this.#figures.checksLate++
    if (entry.busy) {
      this.#figures.checksMissed++
      entry.missedInRow++
      if (entry.missedInRow >= 2) await this.#store(entry, NOT_CHECKED, now, { confirm: 1, recover: 1 })
      return
    }
    entry.busy = true
    entry.missedInRow = 0
    this.#lanes[entry.slow ? 'slow' : 'quick'].enter(() => this.#track(this.#check(entry)))
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
      const observation = await this.#options.check(entry.monitor, clock)
      const at = clock.now()
      entry.busy = false
      entry.missedInRow = 0
      entry.slow = at - started > entry.monitor.timeout * SLOW_SHARE
      this.#figures.checksFinished++
      // The monitor was changed or removed while it was checked.
      if (observation === null || this.#entries.get(entry.monitor.id) !== entry || this.#stopped) return
      await this.#store(entry, observation, at)
    } catch (error) {
      entry.busy = false
      log.error({ monitor: entry.monitor.id, error: reasonOf(error) }, 'a check could not be recorded')
    }
  }

  async #store(
    entry: Entry,
    observation: Observation,
    at: number,
    thresholds: { confirm: number; recover: number } = entry.monitor,
  ): Promise<void> {
    const { monitor } = entry
    const step = takeObservation(entry.state, observation, at, thresholds)
    if (changesState(step.outcome)) {
      const recorded = await this.#changes.add({ monitor, observation, at, nextAt: entry.nextAt, thresholds })
      const waited = entry.state.candidate !== null
      entry.state = recorded.state
      if (!waited && entry.state.candidate) this.#retrySoon(entry, at)
    } else {
      entry.state = step.state
      const { version } = entry.state
      this.#traces.push({ monitorId: monitor.id, version, at, nextAt: entry.nextAt, observation })
    }
    const { certificate } = observation
    if (certificate && certificate.fingerprint !== entry.fingerprint) {
      entry.fingerprint = certificate.fingerprint
      await this.#world.store.transaction((db) => writeCertificate(db, monitor.id, certificate))
    }
    this.#history.push({
      monitorId: monitor.id,
      at,
      holds: holdsFor(monitor),
      observation,
      state: entry.state,
    })
    this.#flushAt ??= at + FLUSH_AFTER
    if (this.#history.length >= FLUSH_ROWS) await this.#flush()
  }

  // A change that waits for its confirmation is looked at again sooner than the interval says.
  #retrySoon(entry: Entry, now: number): void {
    const at = now + Math.min(entry.monitor.retryEvery, entry.monitor.every)
    if (at >= entry.nextAt) return
    entry.generation = ++this.#generation
    entry.nextAt = at
    this.#heap.push(at, { id: entry.monitor.id, generation: entry.generation })
  }

  /** Writes what has gathered. What cannot be written stays for the next time, up to a limit. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = null
    })
    return this.#flushing
  }

  async #write(): Promise<void> {
    const [traces, history] = [this.#traces, this.#history]
    this.#traces = []
    this.#history = []
    this.#flushAt = null
    if (history.length === 0) return
    try {
      // Of several checks of one monitor the newest counts.
      const newest = [...new Map(traces.map((trace) => [trace.monitorId, trace])).values()]
      const stale = await this.#world.store.transaction((db) => writeTraces(db, newest))
      for (const id of stale) await this.#catchUp(id)
      await recordHistory(this.#world, history)
    } catch (error) {
      this.#world.log.error(
        { rows: history.length, error: reasonOf(error) },
        'observations could not be stored',
      )
      this.#history = [...history, ...this.#history].slice(-20 * FLUSH_ROWS)
      this.#flushAt = this.#world.clock.now() + FLUSH_AFTER
    }
  }

  /** Somebody else has judged this monitor: what is in the store counts. */
  async #catchUp(id: string): Promise<void> {
    const entry = this.#entries.get(id)
    const state = entry && (await findState(this.#world.store.read, id))
    if (entry && state) entry.state = state
  }
}
