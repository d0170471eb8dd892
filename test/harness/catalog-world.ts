/** A world with catalog/ alone in it: a travelled clock, captured channels, and the engine to drive. */

import { after, before } from 'node:test'
import {
  applyCatalogConfig,
  type CatalogConfig,
  catalogConfig,
  catalogRoom,
} from '../../src/catalog/index.ts'
import { type Capture, captureChannels } from '../../src/channels/index.ts'
import { createWorld } from '../../src/engine/create-world.ts'
import { type Fact, factsAfter } from '../../src/engine/facts.ts'
import { assembleEngine, type Engine, travelTo } from '../../src/engine/runner.ts'
import { type Actor, systemActor, type World } from '../../src/engine/world.ts'
import { type TravelClock, travelClock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import type { Store } from '../../src/store/store.ts'
import { needsPostgres, type RunningPostgres, startPostgres } from './postgres.ts'

export const START = Date.UTC(2026, 0, 5, 9)
export const SYSTEM: Actor = systemActor('catalog')
export const HERE = { ip: '192.0.2.7', userAgent: 'a browser' }

export interface CatalogWorld {
  world: World
  clock: TravelClock
  engine: Engine
  capture: Capture
  travel(ms: number): Promise<void>
  /** Applies sections as written in the file. */
  apply(section: unknown, options?: object): Promise<{ created: number; changed: number; removed: number }>
  facts(...types: string[]): Promise<Fact[]>
  /** The secret of the last link sent. */
  lastSecret(): string
}

export async function catalogWorld(store: Store, drill: string | null = null): Promise<CatalogWorld> {
  const clock = travelClock(START)
  const capture = captureChannels()
  const options = {
    clock,
    store,
    log: silentLog,
    instance: 'test',
    publicUrl: 'https://tocsin.example.org',
    drill,
  }
  const world = createWorld(options as Parameters<typeof createWorld>[0])
  const settings = { mail: null, egress: { allowPrivate: true, allow: [] } }
  const room = catalogRoom({ channels: capture.channels, settings })
  const engine = assembleEngine(world, [room])
  await room.start!(world)
  return {
    ...{ world, clock, engine, capture },
    travel: (ms) => travelTo(engine, clock, clock.now() + ms),
    apply(section, more = {}) {
      const parsed: CatalogConfig = catalogConfig.parse(section)
      return world.transact((tx) => applyCatalogConfig(tx, world, SYSTEM, parsed, more))
    },
    async facts(...types) {
      const all = await factsAfter(world.store.read, 0, 10_000)
      return types.length > 0 ? all.filter((fact) => types.includes(fact.type)) : all
    },
    lastSecret: () => capture.sent.at(-1)!.message.link!.url.split('/').at(-1)!,
  }
}

/** One PostgreSQL for all tests of a file that runs alone; `npm test` shares one between the files already. */
export function sharePostgres(): void {
  let cluster: RunningPostgres | null = null
  before(async () => {
    if (process.env.TOCSIN_TEST_POSTGRES || needsPostgres().skip) return
    cluster = await startPostgres()
    process.env.TOCSIN_TEST_POSTGRES = cluster.url
  })
  after(async () => {
    if (!cluster) return
    delete process.env.TOCSIN_TEST_POSTGRES
    await cluster.stop()
  })
}
