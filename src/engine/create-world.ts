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
      let wakes = false
      const result = await store.transaction(async (db) => {
        const tx: Tx = { db, now: clock.now() }
        const answer = await work(tx)
        wakes = tx.wakes === true
        return answer
      })
      if (wakes) for (const hear of [...hearers]) hear()
      return result
    },
    onCommit(hear) {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
  }
}
