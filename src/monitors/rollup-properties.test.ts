import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import fc from 'fast-check'
import { onEveryStore } from '../../test/harness/stores.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { historyRetention } from './config.ts'
import { pruneObservations, readCursor } from './history.rows.ts'
import { type HistoryPoint, readHistory, resolutionFor, uptimeOf } from './read-history.ts'
import { type HistoryEntry, recordHistory } from './record-history.ts'
import { rollUp, rollUpLoop } from './roll-up.ts'
import { RESOLUTIONS, type Resolution } from './rollup.rules.ts'
import { neverChecked } from './verdict.rules.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

const inMemory = () => openStore({ directory: ':memory:', now: START })
const lines = (
  seenAll: { gap: number; verdict: string; maintenance: boolean; took: number }[],
  holds: number,
) => {
  let at = START
  return seenAll.map(({ gap, verdict, maintenance, took }): HistoryEntry => {
    at += gap
    const state = { ...neverChecked(at), verdict: verdict as 'up', maintenance }
    return { monitorId: 'a', at, holds, observation: seen('up', 'ok', took), state }
  })
}

/** The same, added up second by second: slow, and too simple to be wrong. */
function bySecond(entries: HistoryEntry[], until: number) {
  const sums = { upMs: 0, degradedMs: 0, downMs: 0, maintenanceMs: 0, unknownMs: 0 }
  for (let at = entries[0]!.at; at < until; at += SECOND) {
    const last = entries.findLast((entry) => entry.at <= at)!
    const speaks = at < last.at + last.holds
    const { verdict, maintenance } = last.state
    if (!speaks) sums.unknownMs += SECOND
    else if (maintenance) sums.maintenanceMs += SECOND
    else sums[`${verdict}Ms`] += SECOND
  }
  return sums
}

const sightings = fc.array(
  fc.record({
    gap: fc.integer({ min: 1, max: 5_400 }).map((seconds) => seconds * SECOND),
    verdict: fc.constantFrom('up', 'degraded', 'down', 'unknown'),
    maintenance: fc.boolean(),
    took: fc.nat(500),
  }),
  { minLength: 1, maxLength: 25 },
)

describe('history that is rolled up', () => {
  test('says at each resolution what adding up second by second says, wherever the roll-up was interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(
        sightings,
        fc.integer({ min: 10, max: 7_200 }),
        fc.nat(25),
        fc.nat(9_000),
        async (all, hold, cut, later) => {
          const store = await inMemory()
          const { world, clock } = openMonitorsWorld(store)
          const entries = lines(all, hold * SECOND)
          for (const part of [entries.slice(0, cut), entries.slice(cut)]) {
            if (part.length === 0) continue
            await recordHistory(world, part)
            clock.moveTo(part.at(-1)!.at)
            await rollUp(world)
          }
          const until = entries.at(-1)!.at + later * SECOND
          clock.moveTo(until)
          const expected = bySecond(entries, until)
          for (const resolution of Object.keys(RESOLUTIONS) as Resolution[]) {
            const points = await readHistory(world, 'a', START, until + DAY, resolution)
            const { ratio, ...sums } = uptimeOf(points)
            assert.deepEqual(sums, expected, resolution)
            const known = sums.upMs + sums.degradedMs + sums.downMs
            assert.equal(ratio, known === 0 ? null : (sums.upMs + sums.degradedMs) / known)
            const counted = points.reduce((total, point) => total + point.checks, 0)
            if (until > entries.at(-1)!.at) assert.equal(counted, entries.length, resolution)
          }
          await store.close()
        },
      ),
      { numRuns: 30 },
    )
  })

  test('each bucket is as long as its time, and the coarse ones are the sums of the fine', async () => {
    await fc.assert(
      fc.asyncProperty(sightings, fc.integer({ min: 10, max: 7_200 }), async (all, hold) => {
        const store = await inMemory()
        const { world, clock } = openMonitorsWorld(store)
        const entries = lines(all, hold * SECOND)
        await recordHistory(world, entries)
        clock.moveTo(entries.at(-1)!.at + HOUR)
        await rollUp(world)
        const read = (resolution: Resolution) => readHistory(world, 'a', START, clock.now(), resolution)
        const length = (point: HistoryPoint) =>
          point.upMs + point.degradedMs + point.downMs + point.maintenanceMs + point.unknownMs
        for (const resolution of Object.keys(RESOLUTIONS) as Resolution[])
          for (const point of await read(resolution)) {
            const end = Math.min(point.at + RESOLUTIONS[resolution], clock.now())
            assert.equal(length(point), end - Math.max(point.at, entries[0]!.at))
          }
        for (const [fine, coarse] of [
          ['minute', 'hour'],
          ['hour', 'day'],
        ] as const) {
          const parts = await read(fine)
          for (const whole of await read(coarse)) {
            const inside = parts.filter(({ at }) => at >= whole.at && at < whole.at + RESOLUTIONS[coarse])
            assert.deepEqual(uptimeOf(inside), uptimeOf([whole]))
            const longest = Math.max(...inside.map(({ tookMaxMs }) => tookMaxMs ?? -1))
            assert.equal(whole.tookMaxMs ?? -1, longest)
          }
        }
        await store.close()
      }),
      { numRuns: 20 },
    )
  })

  test('the resolution keeps any span to a few hundred points, and never becomes finer with the span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * DAY }), (span) => {
        const order = ['minute', 'hour', 'day']
        const chosen = resolutionFor(0, span)
        assert.ok(span / RESOLUTIONS[chosen] <= 400)
        assert.ok(order.indexOf(resolutionFor(0, span * 2)) >= order.indexOf(chosen))
      }),
    )
  })
})

onEveryStore('keeping history', ({ open, name }) => {
  it('a look-back that is too long is cut at its beginning, not at its end', async () => {
    const store = await open()
    const { world, clock } = openMonitorsWorld(store)
    const entries = lines([{ gap: 1, verdict: 'up', maintenance: false, took: 1 }], HOUR)
    await recordHistory(world, entries)
    clock.moveTo(START + 10 * DAY)
    await rollUp(world)
    const points = await readHistory(world, 'a', START, clock.now(), 'minute')
    assert.equal(points.length, 4_999)
    assert.equal(points.at(-1)!.at + MINUTE, clock.now())
    await store.close()
  })

  it('nothing goes that is not rolled up, however old; the limit itself stays', async () => {
    const store = await open()
    const { world, clock } = openMonitorsWorld(store)
    const gap = { verdict: 'up', maintenance: false, took: 1 }
    const entries = lines(
      Array.from({ length: 10 }, () => ({ ...gap, gap: HOUR })),
      HOUR,
    )
    await recordHistory(world, entries)
    clock.moveTo(START + DAY)
    const { history } = store
    assert.equal(await pruneObservations(history, START + DAY, await readCursor(history)), 0)
    await rollUp(world)
    assert.equal(await pruneObservations(history, START + 4 * HOUR, await readCursor(history)), 3)
    const left = await history.selectFrom('observations').select('at').orderBy('seq').execute()
    assert.equal(Number(left[0]!.at), START + 4 * HOUR)
    await store.close()
  })

  it('the loop takes in what has come a minute after it came, and is at rest when nothing has', async () => {
    const store = await open()
    const { world, clock } = openMonitorsWorld(store)
    const loop = rollUpLoop(world, historyRetention.parse({}))
    const more = (n: number) => ({ gap: n, verdict: 'up', maintenance: false, took: 1 })
    await recordHistory(
      world,
      lines(
        Array.from({ length: 2_500 }, () => more(1)),
        HOUR,
      ),
    )
    const patience = name === 'postgres' ? 10 * SECOND : 0
    clock.moveTo(START + MINUTE + patience)
    const done = [await loop.runDue(), await loop.runDue(), await loop.runDue()]
    assert.deepEqual(done, [1_000, 1_000, 500])
    assert.equal(await loop.runDue(), 0)
    // What is recorded right after is not forgotten, although the loop has just looked.
    await recordHistory(world, lines([more(30 * SECOND)], HOUR))
    assert.ok((await loop.nextDueAt())! <= clock.now() + MINUTE)
    clock.moveTo(clock.now() + MINUTE)
    assert.equal(await loop.runDue(), 1)
    await store.close()
  })
})
