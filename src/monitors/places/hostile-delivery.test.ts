import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { TocsinError } from '../../kit/errors.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { type MonitorsWorld, openMonitorsWorld, START } from '../world-for-tests.ts'
import { takeDelivery, workForPlace } from './deliver.ts'

/** Asserts that an input is taken, or refused as a caller's mistake; anything else is a fault of ours. */
async function takenOrRefused(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (error instanceof TocsinError && error.code === 'invalid-input') return false
    throw error
  }
}

describe('whatever a place sends is taken or refused, and never breaks anything', () => {
  let store: Store
  let it: MonitorsWorld
  before(async () => {
    store = await openStore({ directory: ':memory:', now: START })
    it = openMonitorsWorld(store)
    const tcp = {
      service: 'docs',
      type: 'tcp',
      target: 'docs.example.org:443',
      places: ['outside'],
      confirm: 1,
    }
    await it.configure({ monitors: { docs: tcp } })
  })
  after(() => store.close())

  const number = fc.oneof(
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.double(),
    fc.constantFrom(
      START,
      START - 1,
      -START,
      1e308,
      -1e308,
      Number.MAX_SAFE_INTEGER,
      Number.NaN,
      Infinity,
      0.5,
    ),
  )
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('docs', 'ok', '__proto__', '\0'),
  )
  const item = fc.record(
    {
      seq: fc.oneof(fc.integer({ min: 1, max: 50 }), number),
      monitorId: fc.oneof(fc.constant('docs'), text),
      at: number,
      verdict: fc.oneof(fc.constantFrom('up', 'down', 'degraded', 'unknown'), text),
      reason: fc.oneof(fc.constantFrom('ok', 'connect.refused'), text),
      summary: text,
      tookMs: number,
    },
    { noNullPrototype: true },
  )
  const delivery = fc.record(
    {
      version: fc.oneof(fc.constant('1'), text, fc.jsonValue()),
      lost: fc.oneof(fc.constant(0), number),
      spool: fc.oneof(fc.constant('spool-of-the-place'), text),
      sentAt: number,
      items: fc.oneof(fc.array(item, { maxLength: 5 }), fc.jsonValue()),
    },
    { noNullPrototype: true },
  )
  const whole = fc.oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(START, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    number,
  )
  const sound = fc.record(
    {
      version: fc.constant('1'),
      lost: fc.constant(0),
      spool: fc.constantFrom('spool-of-the-place', 'another-spool'),
      sentAt: whole,
      items: fc.array(
        fc.record({
          seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
          monitorId: fc.constantFrom('docs', 'gone'),
          at: whole,
          verdict: fc.constantFrom('up', 'down'),
          reason: fc.constantFrom('ok', 'connect.refused'),
          summary: fc.string({ unit: 'binary', maxLength: 50 }),
          tookMs: fc.double({ min: 0, max: 3_600_000, noNaN: true }),
        }),
        { maxLength: 4 },
      ),
    },
    { noNullPrototype: true },
  )

  test('any JSON as a delivery, or as the question for work', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), delivery), async (input) => {
        if (await takenOrRefused(takeDelivery(it.world, 'outside', input))) taken++
        await takenOrRefused(workForPlace(it.world, 'outside', input))
      }),
      { numRuns: 2_000 },
    )
    assert.ok(taken < 2_000)
  })

  test('numbers of every size within a delivery of the right form', async () => {
    await fc.assert(
      fc.asyncProperty(sound, async (input) => {
        await takenOrRefused(takeDelivery(it.world, 'outside', input))
        const rows = await store.history.selectFrom('observations').select('at').execute()
        for (const { at } of rows)
          assert.ok(Number.isSafeInteger(at) && at >= 0 && at <= it.clock.now(), String(at))
      }),
      { numRuns: 500 },
    )
  })

  test('more than a place may send at once is refused', async () => {
    const one = { seq: 1, monitorId: 'docs', at: 0, verdict: 'up', reason: 'ok', summary: '', tookMs: 1 }
    const many = Array.from({ length: 501 }, (_, i) => ({ ...one, seq: i + 1 }))
    const sent = { version: '1', lost: 0, spool: 'spool-of-the-place', sentAt: 0 }
    assert.equal(await takenOrRefused(takeDelivery(it.world, 'outside', { ...sent, items: many })), false)
    const long = { ...one, summary: 'x'.repeat(2_001) }
    assert.equal(await takenOrRefused(takeDelivery(it.world, 'outside', { ...sent, items: [long] })), false)
  })
})
