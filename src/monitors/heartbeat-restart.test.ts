import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import type { Store } from '../store/store.ts'
import { verdictChanged } from './facts.ts'
import { findMonitor } from './monitors.rows.ts'
import { recordPing } from './record-ping.ts'
import { type MonitorsWorld, openMonitorsWorld, START } from './world-for-tests.ts'

const KEY = 'a-shared-key-0123456789'
const beat = (more = {}) => ({
  monitors: {
    job: { service: 'jobs', type: 'heartbeat', every: '1h', startGrace: '10m', pingKey: KEY, ...more },
  },
})
const ping = (it: MonitorsWorld) =>
  recordPing(it.world, { key: KEY, action: '', method: 'GET', remote: '127.0.0.1' })

const changes = async (it: MonitorsWorld) =>
  (await it.facts<{ to: string; reason: string }>(verdictChanged.type)).map(({ writtenAt, data }) => [
    (writtenAt - START) / MINUTE,
    data.to,
    data.reason,
  ])

/** The process dies; another one starts over the same store when `minute` has come. */
async function restartAt(minute: number, before: MonitorsWorld, store: Store, more = {}) {
  before.clock.moveTo(START + minute * MINUTE)
  const after = openMonitorsWorld(store, { clock: before.clock, instance: 'two' })
  await changes(after)
  await after.configure(beat(more))
  await after.start()
  return after
}

onEveryStore('heartbeats of a Tocsin that was away', ({ open }) => {
  it('a ping that is due while nobody listens is not missing: the job has its grace again', async () => {
    const store = await open()
    const one = openMonitorsWorld(store)
    await one.configure(beat())
    await one.travel(10 * MINUTE)
    await ping(one)
    await one.travel(MINUTE)
    // Pings at 70 and 130 found nobody.
    const two = await restartAt(150, one, store)
    await two.travel(9 * MINUTE)
    assert.deepEqual(await changes(two), [])
    await ping(two)
    await two.travel(HOUR)
    assert.deepEqual(await changes(two), [])
    assert.equal((await findMonitor(store.read, 'job'))!.state.verdict, 'up')
    await store.close()
  })

  it('a job that stays silent after that is late, and restarts do not put it off for ever', async () => {
    const store = await open()
    const one = openMonitorsWorld(store)
    await one.configure(beat())
    await ping(one)
    const two = await restartAt(150, one, store)
    await two.travel(4 * MINUTE)
    const three = await restartAt(155, two, store)
    await three.travel(4 * MINUTE)
    assert.deepEqual(await changes(three), [])
    await three.travel(2 * MINUTE)
    assert.deepEqual(await changes(three), [[160, 'down', 'heartbeat.late']])
    await store.close()
  })

  it('a short restart moves nothing: late is late at the minute it was', async () => {
    const store = await open()
    const one = openMonitorsWorld(store)
    await one.configure(beat())
    await ping(one)
    await one.travel(30 * MINUTE)
    const two = await restartAt(31, one, store)
    await two.travel(2 * HOUR)
    assert.deepEqual(await changes(two), [[70, 'down', 'heartbeat.late']])
    // It is down already: another restart has nothing to add.
    const three = await restartAt(400, two, store)
    await three.travel(3 * HOUR)
    assert.deepEqual(await changes(three), [])
    await store.close()
  })

  it('what was never pinged stays new over a restart, until its first ping is late', async () => {
    const store = await open()
    const one = openMonitorsWorld(store)
    await one.configure(beat())
    await one.travel(15 * MINUTE)
    const two = await restartAt(16, one, store)
    await two.travel(53 * MINUTE)
    assert.deepEqual(await changes(two), [])
    const { state } = (await findMonitor(store.read, 'job'))!
    assert.deepEqual([state.verdict, state.reason, state.since], ['unknown', 'heartbeat.never', START])
    await two.travel(2 * MINUTE)
    assert.deepEqual(await changes(two), [[70, 'down', 'heartbeat.late']])
    await store.close()
  })
})
