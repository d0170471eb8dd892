import { giveWay } from '../engine/give-way.ts'
import type { Tx, World } from '../engine/world.ts'

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Stores what arrives together in one transaction: a burst of thousands costs a few commits. Each is durable
 * when its promise is kept. `store` answers one result per item, in order.
 */
export class GroupCommit<Item, Result> {
  readonly #world: World
  readonly #store: (tx: Tx, items: Item[]) => Promise<Result[]>
  readonly #atOnce: number
  #waiting: Waiting<Item, Result>[] = []
  #busy = false

  constructor(world: World, atOnce: number, store: (tx: Tx, items: Item[]) => Promise<Result[]>) {
    this.#world = world
    this.#atOnce = atOnce
    this.#store = store
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (!this.#busy) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#busy = true
    // Those that arrive in the same turn go together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      await giveWay()
      const batch = this.#waiting.splice(0, this.#atOnce)
      try {
        await this.#commit(batch)
      } catch (error) {
        if (batch.length === 1) batch[0]!.reject(error)
        // One that cannot be stored must not take the others with it.
        else for (const one of batch) await this.#commit([one]).catch(one.reject)
      }
    }
    this.#busy = false
  }

  async #commit(batch: Waiting<Item, Result>[]): Promise<void> {
    const items = batch.map((one) => one.item)
    const results = await this.#world.transact((tx) => this.#store(tx, items))
    batch.forEach((one, index) => void one.resolve(results[index]!))
  }
}
