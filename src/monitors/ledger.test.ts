import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openStore } from '../store/open-store.ts'
import { expectedChecks, readHistory, uptimeOf } from './read-history.ts'
import { scheduleFigures } from './room.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

const MINUTE = 60_000

describe('the ledger of expected checks', () => {
  test('done and expected agree while all goes well, in all and in each period', async () => {
    const it = openMonitorsWorld(await openStore({ directory: ':memory:', now: START }))
    await it.configure({ monitors: { docs: { service: 'docs', type: 'tcp', target: 'a:1', every: '30s' } } })
    await it.travel(20 * MINUTE)
    const figures = scheduleFigures(it.world)!
    assert.ok(Math.abs(figures.checksStored - figures.checksExpected) <= 2, JSON.stringify(figures))
    for (const point of (await readHistory(it.world, 'docs', START, START + 19 * MINUTE, 'minute')).slice(1))
      assert.deepEqual([point.checks, expectedChecks(point, 30_000)], [2, 2])
  })

  test('checks that do not run are owed, and their time is unknown: neither up nor down', async () => {
    const it = openMonitorsWorld(await openStore({ directory: ':memory:', now: START }), {
      patience: 5,
      check: async () => (it.clock.now() - START < 10 * MINUTE ? seen('up') : new Promise(() => {})),
    })
    await it.configure({ monitors: { docs: { service: 'docs', type: 'tcp', target: 'a:1', every: '30s' } } })
    await it.travel(60 * MINUTE)
    const { checksStored, checksExpected } = scheduleFigures(it.world)!
    assert.ok(checksExpected >= 118 && checksStored <= 22, `${checksStored} of ${checksExpected}`)
    const uptime = uptimeOf(await readHistory(it.world, 'docs', START, START + 60 * MINUTE, 'minute'))
    assert.equal(uptime.downMs, 0)
    assert.equal(uptime.ratio, 1)
    assert.ok(uptime.unknownMs > 45 * MINUTE, `${uptime.unknownMs / MINUTE} minutes unknown`)
    // Within two intervals it is said.
    const [, change] = await it.facts<{ to: string; reason: string; since: number }>(
      'monitor.verdict-changed',
    )
    assert.deepEqual([change!.data.to, change!.data.reason], ['unknown', 'check.not-run'])
    assert.ok(change!.at - START <= 11.5 * MINUTE, `${(change!.at - START) / MINUTE}`)
  })
})
