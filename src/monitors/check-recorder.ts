import type { World } from '../engine/world.ts'
import { SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { GroupCommit } from './group-commit.ts'
import { keepInventory, type Sighting, sightingOf, signatureOf } from './keep-inventory.ts'
import { type PoolSpec, poolSettings } from './kinds/pool/spec.ts'
import { writeMemories } from './memories.rows.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import type { Observation } from './observation.ts'
import { settlePool } from './pools/settle-pool.ts'
import { type HistoryEntry, holdsFor, recordHistory } from './record-history.ts'
import { type ObservationInput, type Recorded, recordObservationIn } from './record-observation.ts'
import { type Screenshot, writeScreenshots } from './screenshots.rows.ts'
import { type CheckTrace, findState, stampOf, writeCertificate, writeTraces } from './states.rows.ts'
import { changesState, NOT_CHECKED, type Thresholds, takeObservation } from './verdict.rules.ts'

/** A monitor as the scheduler holds it in memory: a copy of what the store confirmed last. */
export interface Judged {
  monitor: Monitor
  state: MonitorState
  /** Of the certificate that is stored. */
  fingerprint: string | null
  /** What it was seen to serve, for as long as this process knows. */
  served?: string
  /** What its last check asked to be kept. */
  memory: unknown
  /** When the next check is due. */
  nextAt: number
}

interface ChangeToRecord extends Omit<ObservationInput, 'monitorId'> {
  monitor: Monitor
}

const CHANGES_AT_ONCE = 100
const FLUSH_AFTER = SECOND
const FLUSH_ROWS = 500
const MOST_KEPT = 20 * FLUSH_ROWS

/** Stores what checks saw: what changes a verdict at once, all the rest in batches. */
export class CheckRecorder {
  readonly #world: World
  /** When everything breaks at once, hundreds of changes share a transaction. */
  readonly #changes: GroupCommit<ChangeToRecord, Recorded>
  /** By monitor: of several checks the newest counts. */
  #traces = new Map<string, { judged: Judged; trace: CheckTrace }>()
  #history: HistoryEntry[] = []
  readonly #memories = new Map<string, unknown>()
  #sightings = new Map<string, Sighting>()
  #screenshots = new Map<string, Screenshot>()
  #flushing: Promise<void> | null = null
  /** When what has gathered is to be written; null when nothing has. */
  flushAt: number | null = null
  /** Results that are in the history for good. */
  stored = 0

  constructor(world: World) {
    this.#world = world
    this.#changes = new GroupCommit(world, CHANGES_AT_ONCE, async (tx, changes) => {
      const recorded: Recorded[] = []
      for (const { monitor, ...input } of changes)
        recorded.push(await recordObservationIn(tx, world, monitor, input))
      return recorded
    })
  }

  /** Judges an observation and brings the copy in memory up to date. */
  async record(
    judged: Judged,
    { picture, ...observation }: Observation,
    at: number,
    thresholds: Thresholds = judged.monitor,
  ): Promise<void> {
    const { monitor, nextAt } = judged
    if (picture)
      this.#screenshots.set(monitor.id, { monitorId: monitor.id, at, reason: observation.reason, ...picture })
    const step = takeObservation(judged.state, observation, at, thresholds)
    const changes = changesState(step.outcome)
    if (changes) {
      const recorded = await this.#changes.add({ monitor, observation, at, nextAt, thresholds })
      judged.state = recorded.state
    } else {
      judged.state = step.state
      const { version } = step.state
      this.#traces.set(monitor.id, {
        judged,
        trace: { monitorId: monitor.id, version, at, nextAt, observation },
      })
    }
    await this.#keepCertificate(judged, observation, changes)
    const sighting = sightingOf(monitor.id, observation, at)
    if (sighting && judged.served !== signatureOf(sighting)) {
      judged.served = signatureOf(sighting)
      this.#sightings.set(monitor.id, sighting)
    }
    if (observation.memory !== undefined) {
      judged.memory = observation.memory
      this.#memories.set(monitor.id, observation.memory)
    }
    this.#history.push({
      monitorId: monitor.id,
      at,
      holds: holdsFor(monitor),
      observation,
      state: judged.state,
    })
    this.flushAt ??= at + FLUSH_AFTER
    if (monitor.kind === 'pool') await this.#settlePool(monitor, observation)
    if (this.#history.length >= FLUSH_ROWS) await this.flush()
  }

  // Who may take users follows the verdict, and must not hinder it.
  async #settlePool(monitor: Monitor, observation: Observation): Promise<void> {
    try {
      await settlePool(this.#world, monitor, poolSettings(monitor.spec as PoolSpec), observation)
    } catch (error) {
      const { log } = this.#world
      log.error({ monitor: monitor.id, error: reasonOf(error) }, 'nothing could be decided about a pool')
    }
  }

  // A certificate is a kilobyte and changes once in months: it is written only then.
  async #keepCertificate(judged: Judged, { certificate }: Observation, written: boolean): Promise<void> {
    if (!certificate || stampOf(certificate) === judged.fingerprint) return
    if (!written)
      await this.#world.store.transaction((db) => writeCertificate(db, judged.monitor.id, certificate))
    judged.fingerprint = stampOf(certificate)
  }

  /** Writes what has gathered. What cannot be written stays for the next time, up to a limit. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = null
    })
    return this.#flushing
  }

  async #write(): Promise<void> {
    const [traces, history, sightings] = [this.#traces, this.#history, this.#sightings]
    this.#traces = new Map()
    this.#sightings = new Map()
    this.#history = []
    this.flushAt = null
    if (history.length === 0) return
    try {
      const newest = [...traces.values()].map(({ trace }) => trace)
      const memories = [...this.#memories]
      this.#memories.clear()
      const screenshots = [...this.#screenshots.values()]
      this.#screenshots.clear()
      const stale = await this.#world.store.transaction(async (db) => {
        await writeMemories(db, memories)
        await writeScreenshots(db, screenshots)
        await keepInventory(db, [...sightings.values()])
        return writeTraces(db, newest)
      })
      for (const id of stale) await this.#catchUp(traces.get(id)!.judged)
      await recordHistory(this.#world, history)
      // That a check did not run is written too, and is no check.
      this.stored += history.filter(({ observation }) => observation.reason !== NOT_CHECKED.reason).length
    } catch (error) {
      const { log, clock } = this.#world
      log.error({ rows: history.length, error: reasonOf(error) }, 'observations could not be stored')
      this.#history = [...history, ...this.#history].slice(-MOST_KEPT)
      this.#sightings = new Map([...sightings, ...this.#sightings])
      this.flushAt = clock.now() + FLUSH_AFTER
    }
  }

  /** Somebody else has judged this monitor: what is in the store counts. */
  async #catchUp(judged: Judged): Promise<void> {
    const state = await findState(this.#world.store.read, judged.monitor.id)
    if (state) judged.state = state
  }
}
