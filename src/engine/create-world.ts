import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import type { Store } from '../store/store.ts'
import type { Tx, World } from './world.ts'

export interface WorldOptions {
  clock: Clock
  store: Store
  log: Log
  instance: string
  publicUrl: string
  drill?: string | null
}

/** A world over a clock and a store. */
export function createWorld(options: WorldOptions): World {
  const hearers = new Set<() => void>()
  const { clock, store } = options
  return {
    ...options,
    drill: options.drill ?? null,
    async transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      const result = await store.transaction((db) => work({ db, now: clock.now() }))
      for (const hear of [...hearers]) hear()
      return result
    },
    onCommit(hear) {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
  }
}
