import { createWorld } from '../engine/create-world.ts'
import type { Room } from '../engine/room.ts'
import { assembleEngine, type Engine, travelTo } from '../engine/runner.ts'
import type { Actor, World } from '../engine/world.ts'
import { type Millis, type TravelClock, travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { openStore } from '../store/open-store.ts'

/** Noon of a Monday. */
export const NOON = Date.UTC(2026, 0, 5, 12)

export const EDITOR: Actor = { id: 'person:ana', name: 'Ana', role: 'administrator', personId: 'ana' }
export const VIEWER: Actor = { id: 'person:vi', name: 'Vi', role: 'viewer', personId: 'vi' }

/** Some rooms over a store in memory and a clock that is moved. */
export interface Stage {
  world: World
  engine: Engine
  /** Lets time pass; what falls due on the way happens. */
  pass(ms: Millis): Promise<void>
  /** The types of all facts so far. */
  factTypes(): Promise<string[]>
  close(): Promise<void>
}

/** Sets a stage for a test of this room. */
export async function setStage(rooms: Room[], options: { drill?: string } = {}): Promise<Stage> {
  const clock: TravelClock = travelClock(NOON)
  const store = await openStore({ directory: ':memory:', now: NOON })
  const world = createWorld({
    clock,
    store,
    log: silentLog,
    instance: 'test',
    publicUrl: 'http://localhost',
    drill: options.drill ?? null,
  })
  const engine = assembleEngine(world, rooms)
  for (const room of rooms) await room.start?.(world)
  return {
    world,
    engine,
    pass: (ms) => travelTo(engine, clock, clock.now() + ms),
    async factTypes() {
      const rows = await store.read.selectFrom('facts').select('type').orderBy('seq').execute()
      return rows.map((row) => row.type)
    },
    close: () => store.close(),
  }
}
