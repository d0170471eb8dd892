import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { type TravelClock, travelClock } from '../kit/clock.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { silentLog } from '../kit/log.ts'
import type { Store } from '../store/store.ts'
import { createWorld } from './create-world.ts'
import { defineFact } from './facts.ts'
import { engineFigures } from './figures.ts'
import { claimKey, hashRequest, IDEMPOTENCY_KEPT, keepAnswer, releaseKey } from './idempotency.ts'
import { enqueue } from './outbox.ts'
import { setTimer } from './timers.ts'
import { systemActor, type World } from './world.ts'

const START = 1_800_000_000_000

onEveryStore('requests that may be repeated', ({ open }) => {
  let store: Store
  let clock: TravelClock
  let world: World
  beforeEach(async () => {
    store = await open()
    clock = travelClock(START)
    world = createWorld({ clock, store, log: silentLog, instance: 'test', publicUrl: 'http://t' })
  })
  afterEach(() => store.close())

  test('the first takes the key, the others see what became of it', async () => {
    assert.deepEqual(await claimKey(world, 'k', 'h'), { state: 'new' })
    assert.deepEqual(await claimKey(world, 'k', 'h'), { state: 'running' })
    assert.deepEqual(await claimKey(world, 'k', 'other'), { state: 'mismatch' })
    assert.equal(await keepAnswer(world, 'k', { status: 201, body: '{"a":1}' }), true)
    assert.deepEqual(await claimKey(world, 'k', 'h'), { state: 'done', status: 201, body: '{"a":1}' })
    assert.deepEqual(await claimKey(world, 'k', 'other'), { state: 'mismatch' })
    assert.equal(await keepAnswer(world, 'k', { status: 500, body: 'late' }), false)
  })

  test('an answer with a secret is remembered without it', async () => {
    await claimKey(world, 'k', 'h')
    await keepAnswer(world, 'k', { status: 201, body: null })
    assert.deepEqual(await claimKey(world, 'k', 'h'), { state: 'done', status: 201, body: null })
  })

  test('a request that came to nothing gives its key back, one that was answered does not', async () => {
    await claimKey(world, 'k', 'h')
    await releaseKey(world, 'k')
    assert.deepEqual(await claimKey(world, 'k', 'other'), { state: 'new' })
    await keepAnswer(world, 'k', { status: 200, body: 'x' })
    await releaseKey(world, 'k')
    assert.equal((await claimKey(world, 'k', 'other')).state, 'done')
  })

  test('a request that died with its process holds the key for a minute only', async () => {
    await claimKey(world, 'k', 'h')
    clock.moveTo(START + MINUTE)
    assert.equal((await claimKey(world, 'k', 'h')).state, 'running')
    clock.moveTo(START + MINUTE + 1)
    assert.equal((await claimKey(world, 'k', 'h')).state, 'new')
  })

  test('an answer is kept for a day', async () => {
    await claimKey(world, 'k', 'h')
    await keepAnswer(world, 'k', { status: 200, body: 'x' })
    clock.moveTo(START + IDEMPOTENCY_KEPT)
    assert.equal((await claimKey(world, 'k', 'h')).state, 'done')
    clock.moveTo(START + IDEMPOTENCY_KEPT + 1)
    assert.equal((await claimKey(world, 'k', 'h')).state, 'new')
    assert.equal(IDEMPOTENCY_KEPT, 24 * HOUR)
  })

  test('of many at the same time exactly one is the first', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimKey(world, 'k', 'h')))
    assert.equal(claims.filter(({ state }) => state === 'new').length, 1)
  })

  test('the figures of the engine count what is stored', async () => {
    const empty = await engineFigures(store.read, START)
    assert.deepEqual(empty, {
      facts: 0,
      outbox: [],
      timers: 0,
      timersOverdue: 0,
      timersLateMs: 0,
      parkedFacts: 0,
    })
    const happened = defineFact<object>('test.happened')
    await world.transact(async (tx) => {
      await happened.append(tx, world, { subject: 'x', actor: systemActor('test'), data: {} })
      await setTimer(tx, { key: 'past', kind: 'test', dueAt: START - 4_000 })
      await setTimer(tx, { key: 'future', kind: 'test', dueAt: START + 4_000 })
      for (const key of ['a', 'b']) await enqueue(tx, { kind: 'mail', key, topic: 't', payload: {} })
    })
    assert.deepEqual(await engineFigures(store.read, START), {
      facts: 1,
      outbox: [{ kind: 'mail', state: 'queued', count: 2 }],
      timers: 2,
      timersOverdue: 1,
      timersLateMs: 4_000,
      parkedFacts: 0,
    })
  })
})

test('requests are the same when what they say is the same', () => {
  assert.equal(
    hashRequest({ url: '/a', body: { x: 1, y: 2 } }),
    hashRequest({ body: { y: 2, x: 1 }, url: '/a' }),
  )
  assert.notEqual(hashRequest({ url: '/a', body: { x: 1 } }), hashRequest({ url: '/b', body: { x: 1 } }))
})
