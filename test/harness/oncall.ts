/** The rooms that wake people, on a travelled clock with captured channels; may crash and start again. */
import { type AlertSeverity, alertsRoom, openAlertIn, resolveAlertIn } from '../../src/alerts/index.ts'
import { applyCatalogConfig, catalogConfig, catalogRoom, verifyContact } from '../../src/catalog/index.ts'
import { type Capture, type CapturedMessage, captureChannels } from '../../src/channels/index.ts'
import { createWorld } from '../../src/engine/create-world.ts'
import { type Fact, factsAbout } from '../../src/engine/facts.ts'
import { assembleEngine, type Engine, travelTo } from '../../src/engine/runner.ts'
import { type Actor, systemActor, type Tx, type World } from '../../src/engine/world.ts'
import { type TravelClock, travelClock } from '../../src/kit/clock.ts'
import { parseDuration } from '../../src/kit/duration.ts'
import { silentLog } from '../../src/kit/log.ts'
import { applyOncallConfig, oncallConfig, oncallRoom } from '../../src/oncall/index.ts'
import type { Store } from '../../src/store/store.ts'

/** Monday, 5 January 2026, 08:00 UTC: 09:00 in Paris. */
export const START = Date.parse('2026-01-05T08:00:00Z')

/** Three people, one schedule, one policy: two steps, five minutes each, then the last resort. */
export const CONFIG = {
  services: { docs: { owner: 'web' } },
  teams: { web: { members: ['ana', 'bo'], policy: 'web' } },
  people: {
    ana: { name: 'Ana', email: 'ana@example.org', timezone: 'Europe/Paris' },
    bo: { name: 'Bo', email: 'bo@example.org' },
    cleo: { name: 'Cleo', email: 'cleo@example.org', role: 'administrator' },
  },
  oncall: {
    'web-week': {
      rotation: 'weekly',
      from: '2026-01-05T09:00',
      timezone: 'Europe/Paris',
      order: ['ana', 'bo'],
    },
  },
  policies: {
    web: {
      steps: [
        { notify: [{ schedule: 'web-week' }], wait: '5m' },
        { notify: [{ person: 'bo' }], wait: '5m' },
      ],
      lastResort: { people: ['cleo'] },
    },
  },
}

// biome-ignore lint/suspicious/noExplicitAny: configuration as users write it, before zod reads it
export type RawConfig = Record<string, any>

export interface OncallWorld {
  clock: TravelClock
  store: Store
  capture: Capture
  world: World
  engine: Engine
  /** Pages that left, in order; verification mails are not among them. */
  pages(): CapturedMessage[]
  /** Who was paged since the last call of `news`, as `ana` for ana@example.org. */
  news(): string[]
  facts(subject: string): Promise<Fact[]>
  travel(duration: string | number): Promise<void>
  configure(config: RawConfig): Promise<void>
  /** Presses the button in each verification mail to these people. */
  verify(...people: string[]): Promise<void>
  open(key?: string, more?: { severity?: AlertSeverity; serviceId?: string | null }): Promise<string>
  resolve(key?: string): Promise<void>
  /** The process dies here: a transaction under way is rolled back, a delivery under way is not recorded. */
  crash(): void
  /** Dies in the nth transaction from now, just before its commit. */
  crashIn(transactions: number): void
  crashed(): boolean
  /** A new process over the same store and outside. */
  restart(): Promise<void>
}

/** A responder. */
export function person(id: string, name = id): Actor {
  return { id: `person:${id}`, name, role: 'responder', personId: id }
}

/** The secret of the acknowledgement link in a page. */
export function secretIn(message: CapturedMessage): string {
  return message.message.link!.url.split('/').at(-1)!
}

const tocsin = systemActor('test')

export async function oncallWorld(
  store: Store,
  config: RawConfig = CONFIG,
  start = START,
): Promise<OncallWorld> {
  const clock = travelClock(start)
  const capture = captureChannels()
  let instance = 0
  let life = { dead: false, until: Infinity }
  let seen = 0

  function boot(): { world: World; engine: Engine } {
    const mine = { dead: false, until: Infinity }
    life = mine
    const world = createWorld({
      clock,
      store,
      log: silentLog,
      instance: `test-${++instance}`,
      publicUrl: 'https://tocsin.example.org',
    })
    const { transact } = world
    world.transact = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      if (mine.dead) throw new Error('this process is dead')
      return transact(async (tx) => {
        const result = await work(tx)
        if (--mine.until <= 0) mine.dead = true
        if (mine.dead) throw new Error('this process died before the commit')
        return result
      })
    }
    const means = {
      channels: capture.channels,
      settings: { mail: null, egress: { allowPrivate: false, allow: [] } },
    }
    const rooms = [catalogRoom(means), alertsRoom(), oncallRoom(means)]
    return { world, engine: assembleEngine(world, rooms) }
  }

  const it = {
    clock,
    store,
    capture,
    ...boot(),
    pages: () => capture.sent.filter((sent) => sent.message.key.startsWith('page:')),
    news() {
      const pages = it.pages()
      const fresh = pages.slice(seen)
      seen = pages.length
      return fresh.map((page) => String(page.address.email).split('@')[0]!)
    },
    facts: (subject) => factsAbout(store.read, subject),
    async travel(duration) {
      const ms = typeof duration === 'number' ? duration : parseDuration(duration)!
      await travelTo(it.engine, clock, clock.now() + ms)
    },
    async configure(raw) {
      const { oncall = {}, policies = {}, ...catalog } = raw
      const section = oncallConfig.parse({ oncall, policies })
      await it.world.transact(async (tx) => {
        await applyCatalogConfig(tx, it.world, tocsin, catalogConfig.parse(catalog), {
          policies: Object.keys(policies),
          schedules: Object.keys(oncall),
        })
        await applyOncallConfig(tx, it.world, tocsin, section)
      })
    },
    async verify(...people) {
      await it.engine.drain()
      for (const id of people) {
        const mail = capture.sent.findLast(
          ({ address, message }) =>
            address.email === `${id}@example.org` && message.link?.url.includes('/verify/'),
        )
        await verifyContact(it.world, secretIn(mail!))
      }
    },
    async open(key = 'disk', { severity = 'critical', serviceId = 'docs' } = {}) {
      return it.world.transact((tx) =>
        openAlertIn(tx, it.world, tocsin, {
          dedupKey: key,
          title: `The ${key} is full`,
          summary: `No space is left on the ${key}`,
          severity,
          reason: 'disk-full',
          serviceId,
          monitorId: null,
          source: 'manual',
        }),
      )
    },
    async resolve(key = 'disk') {
      await it.world.transact((tx) =>
        resolveAlertIn(tx, it.world, tocsin, { dedupKey: key, reason: 'recovered' }),
      )
    },
    crash: () => {
      life.dead = true
    },
    crashIn: (transactions) => {
      life.until = transactions
    },
    crashed: () => life.dead,
    async restart() {
      life.dead = true
      Object.assign(it, boot())
    },
  } as OncallWorld

  await it.configure(config)
  return it
}
