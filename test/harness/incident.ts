/** Monitors over real sockets and real time, through the scheduler: how long from a fault to its verdict? */
import { createWorld } from '../../src/engine/create-world.ts'
import { factsAfter } from '../../src/engine/facts.ts'
import { assembleEngine, runEngine } from '../../src/engine/runner.ts'
import { systemActor } from '../../src/engine/world.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import { applyMonitorsConfig } from '../../src/monitors/apply-monitors.ts'
import { monitorsConfig } from '../../src/monitors/config.ts'
import { verdictChanged } from '../../src/monitors/facts.ts'
import { monitorsRoom } from '../../src/monitors/room.ts'
import { openStore } from '../../src/store/open-store.ts'
import { until } from './tocsin.ts'

export interface Confirmed {
  monitorId: string
  to: string
  reason: string
  summary: string
  /** When it was confirmed. */
  at: number
}

export interface Watch {
  /** Every confirmed change, oldest first. */
  changes(): Promise<Confirmed[]>
  /** The first verdict of a monitor after an instant; fails when none comes. */
  verdict(monitorId: string, to: string, since?: number): Promise<Confirmed>
  stop(): Promise<void>
}

/** Watches with these monitors until stopped. */
export async function watch(monitors: Record<string, unknown>): Promise<Watch> {
  const store = await openStore({ directory: ':memory:', now: Date.now() })
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'incident',
    publicUrl: 'http://localhost',
  })
  await world.transact((tx) =>
    applyMonitorsConfig(tx, world, systemActor('app'), monitorsConfig.parse({ monitors })),
  )
  const running = runEngine(world, assembleEngine(world, [monitorsRoom()]))
  const changes = async (): Promise<Confirmed[]> => {
    const facts = await factsAfter(store.read, 0, 10_000)
    return facts
      .filter((fact) => fact.type === verdictChanged.type)
      .map((fact) => ({ ...(fact.data as Omit<Confirmed, 'at'>), at: fact.at }))
  }
  return {
    changes,
    verdict: (monitorId, to, since = 0) =>
      until(`the monitor ${monitorId} turns ${to}`, 30_000, async () =>
        (await changes()).find((one) => one.monitorId === monitorId && one.to === to && one.at >= since),
      ),
    async stop() {
      await running.stop()
      await store.close()
    },
  }
}
