import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { openStore } from '../store/open-store.ts'
import { createWorld } from './create-world.ts'
import { runEngine } from './runner.ts'

test('a loop that always has work, and wakes itself, leaves requests their turn', async () => {
  const store = await openStore({ directory: ':memory:', now: 0 })
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'test',
    publicUrl: 'http://t',
  })
  let turns = 0
  const busy = {
    name: 'busy',
    nextDueAt: async () => 0,
    // Without an end the test would never end either: then it must fail, and not hang.
    runDue: async () => (turns < 100_000 ? ++turns : 0),
  }
  const engine = runEngine(world, { loops: [busy], drain: async () => {}, nextDueAt: async () => 0 })
  let served = 0
  while (turns < 1_000 && served < 1_000_000) {
    await new Promise((resolve) => setImmediate(resolve))
    served++
  }
  await engine.stop()
  await store.close()
  assert.ok(served >= 100, `${served} requests were served between ${turns} turns`)
  assert.ok(turns < 100_000)
})
