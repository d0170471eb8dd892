import type { Millis } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import {
  checkFromPlaces,
  checkOnce,
  findMonitor,
  HERE,
  type Monitor,
  type Observation,
  takeDelivery,
  type Verdict,
  WORK_EVERY,
  workForPlace,
} from '../../../monitors/index.ts'
import { breathe } from '../../breathe.ts'
import type { CutMonitor, ReplicaPage } from '../../drill.ts'
import { assertApart } from '../../feed-replica.ts'
import type { Replica } from '../../replica.ts'
import type { MonitorUnderDrill, PlayContext } from '../kind.ts'

/** What came of cutting a place off. */
export interface CutPlayed {
  cutAt: Millis
  /** When its monitor turned bad, counted from the cut; null where it never did. */
  silentAfterMs: Millis | null
  /** About the silent place, after the cut. */
  pages: ReplicaPage[]
  monitors: CutMonitor[]
}

export interface CutLimits {
  withinMs: Millis
  outageMs: Millis
}

// Healthy looks before anything happens: a replica starts as a Tocsin that has been watching for a while.
const CALM_LOOKS = 3
const VERSION = 'drill'

/** Whoever does something at a time of its own, and says when it wants to do the next thing; null: nothing more. */
interface Actor {
  at: Millis
  act(at: Millis): Promise<Millis | null>
}

/**
 * Plays the cut against today's configuration, by the very code that takes in what places deliver. What the places
 * see is made up; no probe and no target is contacted.
 */
export async function playCut(
  { live, runId, monitor, composeReplica }: PlayContext<unknown>,
  place: string,
  from: readonly Monitor[],
  limits: CutLimits,
): Promise<CutPlayed> {
  const startAt = live.clock.now()
  const monitorIds = [monitor.id, ...from.map(({ id }) => id)]
  const replica = await composeReplica(live, {
    runId,
    monitorId: monitor.id,
    monitorIds,
    startAt,
    fresh: true,
  })
  try {
    assertApart(live, runId, replica)
    const stage = new CutStage(replica, monitor, place, from, limits)
    return await stage.play(startAt)
  } finally {
    await replica.close()
  }
}

class CutStage {
  readonly #replica: Replica
  readonly #monitor: MonitorUnderDrill
  readonly #place: string
  readonly #from: readonly Monitor[]
  readonly #limits: CutLimits
  readonly #seen: Map<string, CutMonitor>
  #delivered = 0

  constructor(
    replica: Replica,
    monitor: MonitorUnderDrill,
    place: string,
    from: readonly Monitor[],
    limits: CutLimits,
  ) {
    this.#replica = replica
    this.#monitor = monitor
    this.#place = place
    this.#from = from
    this.#limits = limits
    this.#seen = new Map(
      from.map(({ id, places }) => [
        id,
        {
          monitorId: id,
          places: places!.names,
          quorum: places!.quorum,
          verdict: 'up',
          badAfterMs: null,
          outageSeenAfterMs: null,
          outsideSeenAfterMs: null,
        },
      ]),
    )
  }

  async play(startAt: Millis): Promise<CutPlayed> {
    const outside = this.#from.filter(({ places }) => places!.names.includes(HERE))
    await this.#run(outside.map((one) => this.#brokenFromOutside(one, startAt)))
    const begin = this.#replica.world.clock.now()
    const { everyMs, recover } = this.#monitor
    const calm = [
      everyMs * (Math.max(CALM_LOOKS, recover) - 1),
      ...this.#from.map(({ every }) => every * CALM_LOOKS),
    ]
    const cutAt = begin + Math.max(...calm)
    let silentAfterMs: Millis | null = null
    await this.#run([
      this.#probe(cutAt),
      this.#silence(cutAt, (afterMs) => {
        silentAfterMs ??= afterMs
      }),
      ...this.#from.map((one) => this.#cutOff(one, cutAt)),
    ])
    const { world } = this.#replica
    await this.#replica.travelTo(Math.max(world.clock.now(), cutAt + this.#limits.withinMs))
    const pages = this.#pages(cutAt)
    return { cutAt, silentAfterMs, pages, monitors: [...this.#seen.values()] }
  }

  /** Lets everybody act in the order of their times. */
  async #run(actors: Actor[]): Promise<void> {
    for (;;) {
      const next = actors.reduce<Actor | null>(
        (first, one) => (!first || one.at < first.at ? one : first),
        null,
      )
      if (!next || next.at === Number.POSITIVE_INFINITY) return
      // A store in memory answers without ever leaving the processor.
      await breathe()
      const { at } = next
      await this.#replica.travelTo(at)
      next.at = (await next.act(at)) ?? Number.POSITIVE_INFINITY
    }
  }

  #pages = (since: Millis) =>
    this.#replica.pages().filter((page) => page.monitorId === this.#monitor.id && page.at >= since)

  /** The probe of the place asks for its work until it is cut off. */
  #probe(cutAt: Millis): Actor {
    const first = cutAt - this.#monitor.everyMs * Math.max(CALM_LOOKS, this.#monitor.recover)
    const before = Math.ceil((cutAt - Math.max(first, this.#replica.world.clock.now())) / WORK_EVERY)
    return {
      at: Math.max(this.#replica.world.clock.now(), cutAt - before * WORK_EVERY),
      act: async (at) => {
        await workForPlace(this.#replica.world, this.#place, { version: VERSION, lost: 0 })
        return at + WORK_EVERY <= cutAt ? at + WORK_EVERY : null
      },
    }
  }

  /** The monitor of the place looks until somebody is paged, or the time for that is over. */
  #silence(cutAt: Millis, turned: (afterMs: Millis) => void): Actor {
    const { id, kind, spec, everyMs, retryMs, recover } = this.#monitor
    const { world } = this.#replica
    return {
      at: cutAt - everyMs * (Math.max(CALM_LOOKS, recover) - 1),
      act: async (at) => {
        const { clock, store } = world
        const seen = await checkOnce(kind, spec, { clock, deadlineMs: everyMs, read: store.read })
        await this.#replica.observe(seen, id)
        const verdict = await this.#verdictOf(id)
        if (at > cutAt && isBad(verdict)) turned(at - cutAt)
        if (at > cutAt + this.#limits.withinMs || this.#pages(cutAt).length > 0) return null
        return at + (verdict === seen.verdict ? everyMs : retryMs)
      },
    }
  }

  /** A monitor that is looked at from the place, among others: well, then without the place, then broken. */
  #cutOff(of: Monitor, cutAt: Millis): Actor {
    const seen = this.#seen.get(of.id)!
    const left = of.places!.names.filter((name) => name !== this.#place)
    // Until what the place saw last counts no more, and every confirmation is in.
    const quietUntil = cutAt + 2 * of.every + of.timeout + 10 * SECOND + (of.confirm + 1) * of.every
    let brokenAt: Millis | null = null
    return {
      at: cutAt - (CALM_LOOKS - 1) * of.every,
      act: async (at) => {
        const isBroken = brokenAt !== null
        const from = at <= cutAt ? of.places!.names : left
        const said = await this.#look(of, at, from, () => (isBroken ? BROKEN : WELL))
        const verdict = await this.#verdictOf(of.id)
        if (at > cutAt && !isBroken) {
          seen.verdict = verdict
          if (isBad(verdict)) {
            seen.badAfterMs ??= at - cutAt
            return null
          }
          // It breaks right after a good look: it is the worst case that counts.
          if (at >= quietUntil) brokenAt = at
        }
        if (isBroken && isBad(verdict)) {
          seen.outageSeenAfterMs = at - brokenAt!
          return null
        }
        if (isBroken && at > brokenAt! + this.#limits.outageMs) return null
        return at + pace(of, verdict, said)
      },
    }
  }

  /** A monitor whose target is well from here and broken for everybody else, before anything is cut off. */
  #brokenFromOutside(of: Monitor, startAt: Millis): Actor {
    const seen = this.#seen.get(of.id)!
    const brokenAt = startAt + (CALM_LOOKS - 1) * of.every
    let well = 0
    return {
      at: startAt,
      act: async (at) => {
        const isOver = seen.outsideSeenAfterMs !== null || at > brokenAt + this.#limits.outageMs
        const isBroken = at > brokenAt && !isOver
        const said = await this.#look(of, at, of.places!.names, (place) =>
          isBroken && place !== HERE ? BROKEN : WELL,
        )
        const verdict = await this.#verdictOf(of.id)
        if (isBroken && isBad(verdict)) seen.outsideSeenAfterMs = at - brokenAt
        if (isOver && verdict === 'up' && ++well > 1) return null
        return at + pace(of, verdict, said)
      },
    }
  }

  /** One look from each of these places; answers what is recorded of all together. */
  async #look(
    of: Monitor,
    at: Millis,
    from: readonly string[],
    sees: (place: string) => Pick<Observation, 'verdict' | 'reason' | 'summary'>,
  ): Promise<Verdict> {
    const { world } = this.#replica
    for (const place of from) {
      if (place === HERE) continue
      const item = { seq: ++this.#delivered, monitorId: of.id, at, ...sees(place), tookMs: 1 }
      const about = { version: VERSION, lost: 0, spool: `drill-${place}`, sentAt: at }
      await takeDelivery(world, place, { ...about, items: [item] })
    }
    const observed = await checkFromPlaces(world, of, async () => ({ ...sees(HERE), tookMs: 1, values: {} }))
    await this.#replica.observe(observed!, of.id)
    return observed!.verdict
  }

  async #verdictOf(id: string): Promise<Verdict> {
    return (await findMonitor(this.#replica.world.store.read, id))!.state.verdict
  }
}

const isBad = (verdict: Verdict) => verdict === 'down' || verdict === 'degraded'

/** As the schedule does it: sooner while a change waits for its confirmation. */
const pace = (of: Monitor, verdict: Verdict, said: Verdict): Millis =>
  verdict === said ? of.every : of.retryEvery

const WELL = { verdict: 'up', reason: 'ok', summary: 'well (drill)' } as const
const BROKEN = { verdict: 'down', reason: 'drill', summary: 'broken (drill)' } as const
