import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { verdictChanged } from './facts.ts'
import { newestPings } from './heartbeats.rows.ts'
import { findMonitor } from './monitors.rows.ts'
import { PING_BODY_LIMIT, type PingInput, recordPing } from './record-ping.ts'
import { type MonitorsWorld, openMonitorsWorld, START } from './world-for-tests.ts'

const KEY = 'a-shared-key-0123456789'
const RUN_A = '00000000-0000-0000-0000-00000000000a'
const RUN_B = '00000000-0000-0000-0000-00000000000b'
const beat = (more = {}) => ({
  service: 'jobs',
  type: 'heartbeat',
  every: '1h',
  startGrace: '5m',
  pingKey: KEY,
  ...more,
})
const nightly = beat({
  every: undefined,
  schedule: '0 3 * * *',
  timezone: 'Europe/Paris',
  startGrace: '10m',
  maxRun: '30m',
})

function pinger(it: MonitorsWorld) {
  return (action = '', more: Partial<PingInput> = {}) =>
    recordPing(it.world, { key: KEY, action, method: 'GET', remote: '127.0.0.1', ...more })
}

const changes = async (it: MonitorsWorld) =>
  (await it.facts<{ to: string; reason: string }>(verdictChanged.type)).map(({ at, data }) => [
    (at - START) / MINUTE,
    data.to,
    data.reason,
  ])

onEveryStore('heartbeats', ({ open }) => {
  it('answers as clients expect, and never 200 for a key that nobody has', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const ping = pinger(it)
    await it.configure({ monitors: { one: beat() } })
    assert.deepEqual(await ping(), { status: 200, text: 'OK' })
    assert.deepEqual(await ping('', { slug: 'one' }), { status: 200, text: 'OK' })
    assert.deepEqual(await ping('', { slug: 'two' }), { status: 404, text: 'not found' })
    assert.deepEqual(await ping('', { key: 'nobody' }), { status: 404, text: 'not found' })
    assert.deepEqual(await ping('256'), { status: 400, text: 'invalid url format' })
    assert.deepEqual(await ping('start', { rid: 'x' }), { status: 400, text: 'invalid uuid format' })
    await it.configure({ monitors: { one: beat(), two: beat() } })
    assert.deepEqual(await ping(), { status: 409, text: 'ambiguous slug' })
    assert.deepEqual(await ping('', { slug: 'two' }), { status: 200, text: 'OK' })
    await store.close()
  })

  it('a ping is stored with its body, cut, and shown newest first', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const ping = pinger(it)
    await it.configure({ monitors: { one: beat() } })
    await ping('start', { rid: RUN_A })
    await ping('7', { rid: RUN_A, method: 'POST', body: `a\0b${'x'.repeat(20_000)}` })
    const [last, first] = await newestPings(store.read, 'one', 10)
    assert.deepEqual([last!.action, last!.exitStatus, last!.rid], ['fail', 7, RUN_A])
    assert.equal(last!.body?.length, PING_BODY_LIMIT)
    assert.equal(first!.action, 'start')
    assert.equal((await findMonitor(store.read, 'one'))!.state.reason, 'heartbeat.failed')
    await store.close()
  })

  it('a job on time is up; silence turns it down at the end of the grace, a ping up again', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const ping = pinger(it)
    await it.configure({ monitors: { one: beat() } })
    await it.travel(30 * MINUTE)
    await ping()
    await it.travel(3 * HOUR)
    await ping()
    await it.travel(10 * MINUTE)
    assert.deepEqual(await changes(it), [
      [30, 'up', 'ok'],
      [95, 'down', 'heartbeat.late'],
      [210, 'up', 'ok'],
    ])
    assert.equal((await findMonitor(store.read, 'one'))!.nextAt, START + 275 * MINUTE)
    await store.close()
  })

  it('a nightly job hangs: the next start is in time, and the hung run is told', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const ping = pinger(it)
    await it.configure({ monitors: { nightly } })
    // 3 o'clock in Paris is 2 o'clock here, 17 hours after the start.
    await it.travel(17 * HOUR)
    await ping('start', { rid: RUN_A })
    await it.travel(10 * MINUTE)
    await ping('0', { rid: RUN_A })
    await it.travel(24 * HOUR - 10 * MINUTE)
    await ping('start', { rid: RUN_B })
    await it.travel(2 * HOUR)
    assert.deepEqual(await changes(it), [
      [17 * 60, 'up', 'ok'],
      [41 * 60 + 30, 'down', 'heartbeat.run-overran'],
    ])
    await it.travel(22 * HOUR)
    // The third night: the job starts and ends although the second run hangs still.
    await ping('start', { rid: RUN_A })
    await ping('', { rid: RUN_A })
    assert.deepEqual((await changes(it)).at(-1), [65 * 60, 'degraded', 'heartbeat.run-overran'])
    await ping('', { rid: RUN_B })
    assert.deepEqual((await changes(it)).at(-1), [65 * 60, 'up', 'ok'])
    await store.close()
  })

  it('a job that never starts is late, and a failure is told at once', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const ping = pinger(it)
    await it.configure({ monitors: { nightly } })
    await it.travel(18 * HOUR)
    assert.deepEqual(await changes(it), [[17 * 60 + 10, 'down', 'heartbeat.late']])
    await ping('fail')
    await ping('log', { body: 'still trying' })
    assert.deepEqual(await changes(it), [[18 * 60, 'down', 'heartbeat.failed']])
    await ping()
    assert.deepEqual(await changes(it), [[18 * 60, 'up', 'ok']])
    await store.close()
  })

  it('with POST alone, a fetched address means nothing', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const ping = pinger(it)
    await it.configure({ monitors: { one: beat({ postOnly: true }) } })
    assert.equal((await ping()).status, 200)
    assert.deepEqual(await newestPings(store.read, 'one', 1), [])
    await ping('', { method: 'POST' })
    assert.deepEqual(await changes(it), [[0, 'up', 'ok']])
    await store.close()
  })

  it('a burst is stored whole, in few transactions', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const monitors: Record<string, unknown> = {}
    for (let i = 0; i < 20; i++) monitors[`job-${i}`] = beat()
    await it.configure({ monitors })
    let commits = 0
    it.world.onCommit(() => commits++)
    const ping = pinger(it)
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, i) => ping('', { slug: `job-${i % 20}` })),
    )
    assert.ok(answers.every(({ status }) => status === 200))
    assert.ok(commits <= 3, `${commits} commits`)
    assert.equal((await newestPings(store.read, 'job-3', 100)).length, 20)
    await store.close()
  })

  it('a made-up key is long, and stays when the monitor changes', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const configure = (grace: string) =>
      it.configure({
        monitors: { one: { service: 'jobs', type: 'heartbeat', every: '1h', startGrace: grace } },
      })
    await configure('5m')
    const { pingKey } = (await findMonitor(store.read, 'one'))!
    assert.match(pingKey!, /^[\w-]{43}$/)
    await configure('6m')
    assert.equal((await findMonitor(store.read, 'one'))!.pingKey, pingKey)
    await store.close()
  })
})
