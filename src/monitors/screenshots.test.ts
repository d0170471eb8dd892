import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { findMonitor } from './monitors.rows.ts'
import { recordObservation } from './record-observation.ts'
import { findScreenshot } from './screenshots.rows.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

onEveryStore('pictures of failures', (under) => {
  test('the newest of each monitor is kept, apart from the observation, until the monitor is removed', async () => {
    const store = await under.open()
    const it = openMonitorsWorld(store)
    const journey = { service: 's', type: 'journey', url: 'http://127.0.0.1:9/', every: '60s', confirm: 1 }
    await it.configure({ monitors: { shop: journey, docs: journey } })
    const failing = (step: string, letter: string) => ({
      ...seen('down', 'journey.step-failed'),
      picture: { jpeg: letter.repeat(40_000), step },
    })
    it.sees.set('shop', failing('Pay', 'A'))
    await it.travel(90_000)
    const first = await findScreenshot(store.read, 'shop')
    assert.deepEqual([first?.step, first?.reason, first?.jpeg.length], ['Pay', 'journey.step-failed', 40_000])
    assert.ok(first!.at >= START)
    assert.equal(await findScreenshot(store.read, 'docs'), null)
    // Another failure takes its place; what is well again leaves it as it was.
    it.sees.set('shop', failing('Sign in', 'B'))
    await it.travel(120_000)
    it.sees.delete('shop')
    await it.travel(120_000)
    const last = await findScreenshot(store.read, 'shop')
    assert.deepEqual([last?.step, last?.jpeg[0]], ['Sign in', 'B'])
    // Neither the newest observation nor anything else that is read with each list carries it.
    await recordObservation(it.world, { monitorId: 'docs', observation: failing('Pay', 'C') })
    for (const id of ['shop', 'docs']) {
      const found = await findMonitor(store.read, id)
      assert.ok(JSON.stringify(found).length < 5_000)
    }
    await it.configure({ monitors: { docs: journey } })
    assert.equal(await findScreenshot(store.read, 'shop'), null)
    await store.close()
  })
})
