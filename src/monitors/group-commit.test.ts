import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../engine/create-world.ts'
import { systemClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { openStore } from '../store/open-store.ts'
import { GroupCommit } from './group-commit.ts'

async function openWorld() {
  const store = await openStore({ directory: ':memory:', now: 0 })
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'x',
    publicUrl: 'http://x',
  })
  return { store, world }
}

test('what arrives together is one transaction, and each gets its own result', async () => {
  const { store, world } = await openWorld()
  const batches: number[][] = []
  const group = new GroupCommit<number, string>(world, 3, async (_, items) => {
    batches.push(items)
    return items.map((item) => `n${item}`)
  })
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map((n) => group.add(n))), ['n1', 'n2', 'n3', 'n4'])
  assert.deepEqual(batches, [[1, 2, 3], [4]])
  assert.equal(await group.add(5), 'n5')
  await store.close()
})

test('one that cannot be stored fails alone', async () => {
  const { store, world } = await openWorld()
  const stored: number[] = []
  const group = new GroupCommit<number, number>(world, 10, async (_, items) => {
    if (items.includes(2)) throw new Error('two is bad')
    stored.push(...items)
    return items
  })
  const settled = await Promise.allSettled([1, 2, 3].map((n) => group.add(n)))
  assert.deepEqual(
    settled.map((one) => one.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(stored, [1, 3])
  await store.close()
})
