import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import type { Store } from '../store/store.ts'
import { createWorld } from './create-world.ts'
import { defineFact, lastSeq } from './facts.ts'
import { remember } from './remember.ts'
import { assembleEngine } from './runner.ts'
import { cancelTimer, setTimer } from './timers.ts'
import { systemActor } from './world.ts'

const rang = defineFact<{ n: number }>('test.rang')
const actor = systemActor('test')

function worldOver(store: Store) {
  const clock = travelClock(1_000)
  const world = createWorld({ clock, store, log: silentLog, instance: 'one', publicUrl: 'http://x' })
  const ring = (n: number) =>
    world.transact((tx) => rang.append(tx, world, { subject: 's', actor, data: { n } }))
  return { clock, world, ring }
}

onEveryStore('what is remembered', ({ open, name }) => {
  it('is asked for again after every write, also one that another world over the same store made', async () => {
    const store = await open()
    const [one, two] = [worldOver(store), worldOver(store)]
    let asked = 0
    const head = remember(one.world, () => {
      asked++
      return lastSeq(store.read)
    })
    assert.deepEqual([await head.get(), await head.get()], [0, 0])
    assert.equal(asked, name === 'sqlite' ? 1 : 2, 'a store that others can write to is asked each time')
    await two.ring(1)
    assert.equal(await head.get(), 1)
    await assert.rejects(two.world.transact(() => Promise.reject(new Error('taken back'))))
    await one.ring(2)
    assert.equal(await head.get(), 2)
    await store.close()
  })

  it('an answer that was overtaken while it was asked for is not kept', async () => {
    const store = await open()
    const { world, ring } = worldOver(store)
    const gate = Promise.withResolvers<void>()
    let slow = true
    const head = remember(world, async () => {
      const answer = await lastSeq(store.read)
      if (slow) await gate.promise
      return answer
    })
    const early = head.get()
    await new Promise((resolve) => setImmediate(resolve))
    slow = false
    await ring(1)
    gate.resolve()
    await early
    assert.equal(await head.get(), 1)
    await store.close()
  })

  it('a timer that is taken back holds no time still, and one that fails is tried again', async () => {
    const store = await open()
    const { clock, world } = worldOver(store)
    const fired: number[] = []
    let broken = true
    const engine = assembleEngine(world, [
      {
        name: 'test',
        timers: {
          'test.tick': async () => {
            if (broken) throw new Error('not yet')
            fired.push(clock.now())
          },
        },
      },
    ])
    await world.transact((tx) => setTimer(tx, { key: 'a', kind: 'test.tick', dueAt: 2_000 }))
    await world.transact((tx) => setTimer(tx, { key: 'b', kind: 'test.tick', dueAt: 3_000 }))
    assert.equal(await engine.nextDueAt(), 2_000)
    await world.transact((tx) => cancelTimer(tx, 'a'))
    assert.equal(await engine.nextDueAt(), 3_000)
    clock.moveTo(3_000)
    await engine.drain()
    const again = await engine.nextDueAt()
    assert.ok(again !== null && again > 3_000, 'a failed timer waits')
    broken = false
    clock.moveTo(again)
    await engine.drain()
    assert.deepEqual(fired, [again])
    assert.equal(await engine.nextDueAt(), null)
    await store.close()
  })
})

describe('an engine at rest', () => {
  it('asks its store nothing while time passes', async () => {
    const { openStore } = await import('../store/open-store.ts')
    const store = await openStore({ directory: ':memory:', now: 0 })
    let reads = 0
    const read = new Proxy(store.read, {
      get(target, property) {
        if (property === 'selectFrom') reads++
        const value = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { clock, world, ring } = worldOver({ ...store, read })
    const heard: number[] = []
    const handle = async (_tx: unknown, _world: unknown, fact: { seq: number }) => void heard.push(fact.seq)
    const listeners = ['a', 'b', 'c'].map((name) => ({ name, hears: [{ type: 'test.rang', handle }] }))
    const engine = assembleEngine(world, [
      { name: 'test', listeners, timers: { 'test.tick': async () => {} } },
    ])
    await ring(1)
    await engine.drain()
    await engine.drain()
    const before = reads
    for (let i = 0; i < 100; i++) {
      clock.moveTo(clock.now() + 60_000)
      await engine.drain()
    }
    assert.equal(reads, before)
    await ring(2)
    await engine.drain()
    assert.deepEqual(heard, [1, 1, 1, 2, 2, 2])
    await store.close()
  })
})
