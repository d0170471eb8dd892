import assert from 'node:assert/strict'
import { it, test } from 'node:test'
import fc from 'fast-check'
import { onEveryStore } from '../../test/harness/stores.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'
import { historyRetention } from './config.ts'
import { planMaintenance } from './keep-maintenance.ts'
import { readHistory, resolutionFor, uptimeOf } from './read-history.ts'
import { recordHistory } from './record-history.ts'
import { rollUp } from './roll-up.ts'
import { addSighting, addTail, Buckets, type Tail } from './rollup.rules.ts'
import { neverChecked } from './verdict.rules.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

const tls = (more = {}) => ({
  service: 'docs',
  type: 'tls',
  target: 'docs.example.org:443',
  confirm: 1,
  ...more,
})

test('every millisecond is counted once, in each resolution, and never more than the clock allows', () => {
  const sightings = fc.array(
    fc.record({
      gap: fc.integer({ min: 1, max: 3 * HOUR }),
      state: fc.constantFrom('up', 'degraded', 'down', 'unknown'),
      maintenance: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  fc.assert(
    fc.property(sightings, fc.integer({ min: 1_000, max: HOUR }), (seenAll, holds) => {
      const buckets = new Buckets()
      let tail: Tail | undefined
      let at = START
      let expected = 0
      seenAll.forEach(({ gap, state, maintenance }, index) => {
        const sighting = { monitorId: 'a', at, state, maintenance, holds, tookMs: 1 }
        tail = addSighting(buckets, tail, sighting)
        const speaks = maintenance || state !== 'unknown'
        const until = index === seenAll.length - 1 ? holds : Math.min(gap, holds)
        if (speaks) expected += until
        at += gap
      })
      addTail(buckets, 'a', tail!, tail!.at + 10 * holds)
      const total = { minute: 0, hour: 0, day: 0 }
      const sizes = { minute: MINUTE, hour: HOUR, day: DAY }
      for (const { resolution, bucket, at: begins } of buckets.entries.values()) {
        const known = bucket.upMs + bucket.degradedMs + bucket.downMs + bucket.maintenanceMs
        assert.ok(known <= sizes[resolution])
        assert.equal(begins % sizes[resolution], 0)
        total[resolution] += known
      }
      assert.deepEqual(total, { minute: expected, hour: expected, day: expected })
    }),
  )
})

test('the resolution follows the span', () => {
  assert.deepEqual(
    [HOUR, 2 * DAY, 90 * DAY].map((span) => resolutionFor(0, span)),
    ['minute', 'hour', 'day'],
  )
})

onEveryStore('history', ({ open }) => {
  it('tells up, down, maintenance and unknown time apart', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { a: tls({ every: '60s', timeout: '10s' }) } })
    const window = {
      name: 'w',
      monitors: ['a'],
      services: [],
      from: START + 40 * MINUTE,
      to: START + 50 * MINUTE,
    }
    await planMaintenance(it.world, { id: 'person:r', name: 'r', role: 'responder', personId: 'r' }, window)
    await it.travel(30 * MINUTE - 1)
    it.sees.set('a', seen('down', 'no-answer', 100))
    await it.travel(10 * MINUTE)
    it.sees.set('a', seen('up'))
    await it.travel(20 * MINUTE + 1)
    // Tocsin stops for an hour and starts again.
    await Promise.all(it.engine.loops.map((loop) => loop.stop?.()))
    it.clock.moveTo(START + 2 * HOUR)
    const after = openMonitorsWorld(store, { clock: it.clock })
    await after.travel(HOUR)
    await rollUp(after.world)
    const points = await readHistory(after.world, 'a', START, START + 3 * HOUR, 'minute')
    assert.equal(points.length, 180)
    for (const point of points) {
      const { upMs, degradedMs, downMs, unknownMs, maintenanceMs } = point
      assert.equal(upMs + degradedMs + downMs + unknownMs + maintenanceMs, MINUTE, `the minute ${point.at}`)
    }
    const at = (minute: number) => points[minute]!
    assert.deepEqual([at(10).upMs, at(10).checks, at(10).tookMs], [MINUTE, 1, 5])
    assert.deepEqual([at(35).downMs, at(35).tookMaxMs], [MINUTE, 100])
    assert.deepEqual([at(45).maintenanceMs, at(45).upMs], [MINUTE, 0])
    assert.deepEqual([at(90).unknownMs, at(90).checks], [MINUTE, 0])
    assert.deepEqual([at(150).upMs], [MINUTE])
    // 10 minutes down, 10 in maintenance, and unknown from two intervals after the last check to the start.
    const sums = uptimeOf(points)
    assert.deepEqual([sums.downMs, sums.maintenanceMs], [10 * MINUTE, 10 * MINUTE])
    assert.ok(sums.unknownMs >= 57 * MINUTE && sums.unknownMs <= 60 * MINUTE)
    assert.equal(sums.ratio, sums.upMs / (sums.upMs + 10 * MINUTE))
    for (const resolution of ['hour', 'day'] as const) {
      const coarse = uptimeOf(await readHistory(after.world, 'a', START, START + 3 * HOUR, resolution))
      assert.deepEqual(coarse, sums, resolution)
    }
    await store.close()
  })

  it('a monitor that was never checked has no history, and time before the first check is not unknown', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    assert.deepEqual(await readHistory(it.world, 'a', START, START + HOUR), [])
    it.clock.moveTo(START + 30 * MINUTE)
    await it.configure({ monitors: { a: tls() } })
    await it.travel(10 * MINUTE)
    await rollUp(it.world)
    const points = await readHistory(it.world, 'a', START, START + DAY, 'hour')
    assert.equal(points.length, 1)
    assert.deepEqual([points[0]!.upMs, points[0]!.unknownMs], [10 * MINUTE, 0])
    await store.close()
  })

  it('what is not rolled up yet is in the history as well, and rolling it up changes nothing', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const monitorId = 'a'
    const record = (state: 'up' | 'down', second: number) =>
      recordHistory(it.world, [
        {
          monitorId,
          at: START + second * 1_000,
          holds: 20_000,
          observation: seen(state, 'ok', second),
          state: { ...neverChecked(0), verdict: state },
        },
      ])
    const read = (resolution: 'minute' | 'hour') =>
      readHistory(it.world, monitorId, START, START + HOUR, resolution)
    const now = START + 90_000
    await record('down', 0)
    it.clock.moveTo(START + 5_000)
    assert.deepEqual(
      (await read('minute')).map(({ downMs, checks, unknownMs }) => [downMs, checks, unknownMs]),
      [[5_000, 1, 0]],
      'the first check is seen at once',
    )
    await record('up', 10)
    it.clock.moveTo(now)
    await rollUp(it.world)
    await record('down', 70)
    await record('up', 75)
    const before = [await read('minute'), await read('hour')]
    assert.deepEqual(
      before[0]!.map(({ upMs, downMs, unknownMs, checks }) => [upMs, downMs, unknownMs, checks]),
      [
        [20_000, 10_000, 30_000, 2],
        [15_000, 5_000, 10_000, 2],
      ],
    )
    await rollUp(it.world)
    assert.deepEqual([await read('minute'), await read('hour')], before)
    await store.close()
  })

  it('many observations are rolled up in pieces, each counted once', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const state = { ...neverChecked(0), verdict: 'up' as const }
    const entries = Array.from({ length: 4_000 }, (_, i) => ({
      monitorId: `m-${i % 40}`,
      at: START + Math.floor(i / 40) * MINUTE,
      holds: 2 * MINUTE,
      observation: seen('up', 'ok', i % 7),
      state,
    }))
    await recordHistory(it.world, entries)
    it.clock.moveTo(START + 100 * MINUTE)
    await Promise.all([rollUp(it.world), rollUp(it.world)])
    await rollUp(it.world)
    for (const id of ['m-0', 'm-39']) {
      const sums = uptimeOf(await readHistory(it.world, id, START, START + DAY, 'day'))
      assert.deepEqual([sums.upMs, sums.unknownMs, sums.ratio], [100 * MINUTE, 0, 1])
      const points = await readHistory(it.world, id, START, START + DAY, 'hour')
      assert.deepEqual(
        points.map((point) => point.checks),
        [60, 40],
      )
    }
    await store.close()
  })

  it('old history goes, piece by piece, and what is not rolled up stays', async () => {
    const store = await open()
    const retention = historyRetention.parse({ raw: '1h', minute: '2h', hour: '1d', day: '10d' })
    const it = openMonitorsWorld(store, { retention })
    await it.configure({ monitors: { a: tls({ every: '10m' }) } })
    await it.travel(30 * HOUR)
    const count = async (table: 'observations' | 'rollups', resolution?: string) => {
      let query = store.history
        .selectFrom(table as 'rollups')
        .select((eb) => eb.fn.countAll<number>().as('n'))
      if (resolution) query = query.where('resolution', '=', resolution as 'minute')
      return Number((await query.executeTakeFirstOrThrow()).n)
    }
    assert.ok((await count('observations')) <= 13)
    const minutes = await count('rollups', 'minute')
    assert.ok(minutes >= 100 && minutes <= 190, `${minutes} minutes`)
    const hours = await count('rollups', 'hour')
    assert.ok(hours >= 24 && hours <= 27, `${hours} hours`)
    assert.equal(await count('rollups', 'day'), 2)
    await store.close()
  })
})
