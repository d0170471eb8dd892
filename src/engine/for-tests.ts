/** What the tests of this room share: worlds over one store, and processes that die. */
import { type TravelClock, travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import type { Store } from '../store/store.ts'
import { createWorld } from './create-world.ts'
import { defineFact } from './facts.ts'
import { systemActor, type Tx, type World } from './world.ts'

export const START = Date.UTC(2026, 0, 5, 9)
export const actor = systemActor('bell')
export const rang = defineFact<{ times: number }>('bell.rang')

/** A world of its own over the store; several share a clock when they are replicas. */
export function worldOn(
  store: Store,
  instance = 'one',
  clock: TravelClock = travelClock(START),
): { clock: TravelClock; world: World } {
  return {
    clock,
    world: createWorld({ clock, store, log: silentLog, instance, publicUrl: 'http://localhost' }),
  }
}

/** Writes one fact. */
export const ring = (world: World, times: number, subject = 'tower') =>
  world.transact((tx) => rang.append(tx, world, { subject, actor, data: { times } }))

export interface MortalWorld {
  clock: TravelClock
  world: World
  /** From now on every transaction of this process fails, as if it were gone. */
  kill(): void
  /** Dies just before the commit of the nth transaction from now. */
  killIn(transactions: number): void
  dead(): boolean
}

/** A world whose process can die: what it had not committed did not happen. */
export function mortalWorld(store: Store, instance: string, clock?: TravelClock): MortalWorld {
  const alive = worldOn(store, instance, clock)
  let left = Infinity
  let dead = false
  const { transact } = alive.world
  alive.world.transact = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (dead) throw new Error('this process is dead')
    return transact(async (tx) => {
      const result = await work(tx)
      if (--left <= 0) dead = true
      if (dead) throw new Error('this process died before the commit')
      return result
    })
  }
  return {
    ...alive,
    kill: () => {
      dead = true
    },
    killIn: (transactions) => {
      left = transactions
    },
    dead: () => dead,
  }
}

/** Opens when told to; what waits for it goes on then. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
