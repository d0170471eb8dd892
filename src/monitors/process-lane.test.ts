import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStore } from '../store/open-store.ts'
import { scheduleFigures } from './room.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

test('checks that start programs wait for each other, and nobody waits for them', async () => {
  const store = await openStore({ directory: ':memory:', now: START })
  const begun = { icmp: 0, tcp: 0 }
  let finish = () => {}
  const pings = new Promise<void>((resolve) => {
    finish = resolve
  })
  const it = openMonitorsWorld(store, {
    patience: 50,
    limits: { quick: 50, slow: 50, process: 3 },
    async check({ kind }) {
      begun[kind as 'icmp' | 'tcp']++
      if (kind === 'icmp') await pings
      return seen('up')
    },
  })
  const monitors = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `m${i}`,
      {
        service: 's',
        every: '1h',
        type: i % 2 ? 'icmp' : 'tcp',
        target: i % 2 ? '127.0.0.1' : '127.0.0.1:1',
      },
    ]),
  )
  await it.configure({ monitors })
  await it.travel(5_000)
  assert.deepEqual(begun, { icmp: 3, tcp: 20 })
  assert.deepEqual([scheduleFigures(it.world)!.running, scheduleFigures(it.world)!.waiting], [3, 17])
  finish()
  await it.travel(5_000)
  assert.deepEqual(begun, { icmp: 20, tcp: 20 })
  await store.close()
})
