import { createWorld } from '../engine/create-world.ts'
import { type Fact, factsAfter } from '../engine/facts.ts'
import { assembleEngine, type Engine, travelTo } from '../engine/runner.ts'
import { systemActor, type World } from '../engine/world.ts'
import { type TravelClock, travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import type { Store } from '../store/store.ts'
import { type Applied, applyMonitorsConfig } from './apply-monitors.ts'
import { monitorsConfig } from './config.ts'
import type { Monitor } from './monitor.ts'
import type { Observation, Verdict } from './observation.ts'
import { type MonitorsRoomOptions, monitorsRoom } from './room.ts'

export const START = Date.UTC(2026, 0, 5, 9)

/** A world with this room alone, whose checks answer what the test says. */
export interface MonitorsWorld {
  world: World
  clock: TravelClock
  engine: Engine
  /** What checks see, by monitor; up, where nothing is said. */
  sees: Map<string, Observation>
  /** The monitors checked, with the time since the start. */
  checked: { id: string; after: number }[]
  configure(config: unknown): Promise<Applied>
  /** What happens once when the process starts. */
  start(): Promise<void>
  travel(ms: number): Promise<void>
  /** Facts of one type since the last call, oldest first. */
  facts<Data>(type: string): Promise<Fact<Data>[]>
}

export function seen(
  verdict: Verdict,
  reason = verdict === 'up' ? 'ok' : `is-${verdict}`,
  tookMs = 5,
): Observation {
  return { verdict, reason, summary: `${reason} seen`, tookMs, values: {} }
}

export function openMonitorsWorld(
  store: Store,
  options: Partial<MonitorsRoomOptions> & { instance?: string; clock?: TravelClock } = {},
): MonitorsWorld {
  const { instance = 'one', clock = travelClock(START), ...room } = options
  const world = createWorld({ clock, store, log: silentLog, instance, publicUrl: 'http://localhost' })
  const sees = new Map<string, Observation>()
  const checked: MonitorsWorld['checked'] = []
  const check = async (monitor: Monitor) => {
    checked.push({ id: monitor.id, after: clock.now() - START })
    return sees.get(monitor.id) ?? seen('up')
  }
  const monitors = monitorsRoom({ check, ...room })
  const engine = assembleEngine(world, [monitors])
  let heard = 0
  return {
    world,
    clock,
    engine,
    sees,
    checked,
    configure: (config) =>
      world.transact((tx) =>
        applyMonitorsConfig(tx, world, systemActor('app'), monitorsConfig.parse(config)),
      ),
    start: async () => monitors.start?.(world),
    travel: (ms) => travelTo(engine, clock, clock.now() + ms),
    async facts<Data>(type: string) {
      const facts = await factsAfter(store.read, heard, 10_000)
      heard = facts.at(-1)?.seq ?? heard
      return facts.filter((fact) => fact.type === type) as Fact<Data>[]
    },
  }
}
