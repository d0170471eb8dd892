import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onEveryStore } from '../../../test/harness/stores.ts'
import type { Store } from '../../store/store.ts'
import { pruneSamples, pruneStrangers, pushedKeys, pushedSeries, writeSamples } from './samples.rows.ts'

onEveryStore('pushed values', (under) => {
  let store: Store
  before(async () => {
    store = await under.open()
  })
  after(() => store.close())
  const at = (time: number, value: number, monitorId = 'm', name = 'up') => ({
    monitorId,
    labels: { __name__: name, job: 'é"\\' },
    slot: Math.floor(time / 10),
    at: time,
    value,
  })
  const write = (...samples: ReturnType<typeof at>[]) => store.transaction((db) => writeSamples(db, samples))

  test('of each slot the latest stays, whatever the order in which they come', async () => {
    await write(at(11, 1), at(15, 2), at(13, 3), at(21, 4))
    await write(at(12, 9), at(19, 5))
    const [series] = await pushedSeries(store.read, 'm', 0)
    assert.deepEqual(series!.labels, { __name__: 'up', job: 'é"\\' })
    assert.deepEqual(series!.points, [
      { at: 19, value: 5 },
      { at: 21, value: 4 },
    ])
  })
  test('large times, large and small values come back as they were', async () => {
    const time = Date.UTC(2026, 0, 5)
    await write(at(time, 1.7976931348623157e308, 'n'), at(time + 10, 5e-324, 'n'), at(time + 20, -0.1, 'n'))
    const [series] = await pushedSeries(store.read, 'n', 0)
    assert.deepEqual(
      series!.points.map(({ value }) => value),
      [1.7976931348623157e308, 5e-324, -0.1],
    )
    assert.equal(series!.points[0]!.at, time)
  })
  test('many at once, and monitors and series apart', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => at(index * 10, index, 'many', `s${index % 3}`))
    await write(...many)
    const series = await pushedSeries(store.read, 'many', 14_999)
    assert.equal(series.length, 3)
    assert.equal(
      series.reduce((sum, { points }) => sum + points.length, 0),
      1_500,
    )
    assert.equal((await pushedKeys(store.read, 'many')).size, 3)
    await store.transaction((db) => pruneSamples(db, 'many', 29_990))
    assert.equal((await pushedSeries(store.read, 'many', 0)).length, 1)
    await store.transaction((db) => pruneStrangers(db, ['m']))
    assert.equal((await pushedKeys(store.read, 'many')).size, 0)
    assert.equal((await pushedKeys(store.read, 'm')).size, 1)
    await store.transaction((db) => pruneStrangers(db, []))
    assert.equal((await pushedKeys(store.read, 'm')).size, 0)
  })
})
