import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { MINUTE, SECOND } from '../kit/duration.ts'
import { changeMonitor, createMonitor, removeMonitor } from './change-monitor.ts'
import { verdictChanged } from './facts.ts'
import type { Monitor } from './monitor.ts'
import { findMonitor } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { recordObservation } from './record-observation.ts'
import { scheduleFigures } from './room.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

type Change = { monitorId: string; from: string; to: string; reason: string; since: number }

const tls = (more = {}) => ({ service: 'docs', type: 'tls', target: 'docs.example.org:443', ...more })
const editor = { id: 'person:eve', name: 'Eve', role: 'editor', personId: 'eve' } as const

onEveryStore('the schedule', ({ open, name }) => {
  it('checks each monitor at its interval, the first at once, and stores what it saw', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { a: tls({ every: '60s' }), b: tls({ every: '20s' }) } })
    await it.travel(2 * MINUTE + 2 * SECOND)
    const times = (id: string) => it.checked.filter((one) => one.id === id).map((one) => one.after)
    const [first] = times('a')
    assert.ok(first! < SECOND)
    assert.deepEqual(times('a'), [first, first! + MINUTE, first! + 2 * MINUTE])
    assert.ok(times('b').length >= 6)
    const view = await findMonitor(store.read, 'a')
    assert.equal(view?.state.verdict, 'up')
    assert.equal(view?.checkedAt, START + times('a').at(-1)!)
    assert.equal(view?.nextAt, view!.checkedAt! + MINUTE)
    assert.equal(view?.last?.reason, 'ok')
    const figures = scheduleFigures(it.world)!
    assert.equal(figures.checksStarted, it.checked.length)
    assert.equal(figures.checksMissed + figures.checksLate, 0)
    await store.close()
  })

  it('confirms sooner than the interval, and tells each change of the verdict once, from when it was seen first', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { a: tls({ every: '60s', confirm: 3, recover: 2, retryEvery: '10s' }) } })
    await it.travel(30 * SECOND)
    it.sees.set('a', seen('down', 'connect.refused'))
    await it.travel(30 * SECOND)
    const [up] = await it.facts<Change>(verdictChanged.type)
    assert.deepEqual([up!.data.from, up!.data.to], ['unknown', 'up'])
    await it.travel(19 * SECOND)
    assert.deepEqual(await it.facts(verdictChanged.type), [])
    assert.equal((await findMonitor(store.read, 'a'))!.state.candidate?.count, 2)
    await it.travel(SECOND)
    const [down] = await it.facts<Change>(verdictChanged.type)
    assert.deepEqual([down!.data.from, down!.data.to, down!.data.reason], ['up', 'down', 'connect.refused'])
    assert.equal(down!.data.since, START + MINUTE)
    assert.equal(down!.at, START + MINUTE)
    await it.travel(5 * MINUTE)
    assert.deepEqual(await it.facts(verdictChanged.type), [])
    it.sees.delete('a')
    await it.travel(2 * MINUTE)
    const [again] = await it.facts<Change>(verdictChanged.type)
    assert.deepEqual([again!.data.from, again!.data.to], ['down', 'up'])
    await store.close()
  })

  it('a hundred tarpits delay no other check, and turn unknown within two intervals', async () => {
    const store = await open()
    const never = new Promise<Observation>(() => {})
    const begun: { id: string; after: number }[] = []
    const it = openMonitorsWorld(store, {
      patience: 20,
      limits: { quick: 60, slow: 20 },
      // The worst of checks: it does not even keep its deadline. A kind cannot do this; a bug could.
      async check(monitor: Monitor) {
        begun.push({ id: monitor.id, after: it.clock.now() - START })
        return monitor.id.startsWith('tarpit') ? never : seen('up')
      },
    })
    // The good ones have places left in the lane beside the tarpits that got in first.
    const monitors: Record<string, unknown> = {}
    for (let i = 0; i < 50; i++) monitors[`tarpit-${i}`] = tls({ every: '30s', timeout: '5s' })
    for (let i = 0; i < 30; i++) monitors[`good-${i}`] = tls({ every: '30s' })
    await it.configure({ monitors })
    await it.travel(3 * MINUTE)
    for (let i = 0; i < 30; i++) {
      const times = begun.filter((one) => one.id === `good-${i}`).map((one) => one.after)
      assert.ok(times.length >= 6, `good-${i} was checked ${times.length} times`)
      times.slice(1).forEach((time, index) => void assert.equal(time - times[index]!, 30 * SECOND))
    }
    for (let i = 0; i < 50; i++) {
      const { state } = (await findMonitor(store.read, `tarpit-${i}`))!
      assert.deepEqual([state.verdict, state.reason], ['unknown', 'check.not-run'])
    }
    assert.equal(scheduleFigures(it.world)!.running, 50)
    assert.ok(scheduleFigures(it.world)!.checksMissed >= 200)
    await store.close()
  })

  it('slow targets wait among themselves once they are known to be slow', async () => {
    const store = await open()
    const begun: { id: string; after: number }[] = []
    const it = openMonitorsWorld(store, {
      patience: 20,
      limits: { quick: 100, slow: 5 },
      check: (monitor: Monitor, clock) => {
        begun.push({ id: monitor.id, after: clock.now() - START })
        if (monitor.id.startsWith('good')) return Promise.resolve(seen('up'))
        return new Promise((resolve) =>
          clock.after(10 * SECOND, () => resolve(seen('down', 'tls.handshake-timeout'))),
        )
      },
    })
    const monitors: Record<string, unknown> = {}
    for (let i = 0; i < 100; i++) monitors[`slow-${i}`] = tls({ every: '60s', timeout: '10s', confirm: 1 })
    for (let i = 0; i < 20; i++) monitors[`good-${i}`] = tls({ every: '10s' })
    await it.configure({ monitors })
    await it.travel(3 * MINUTE)
    for (let i = 0; i < 20; i++) {
      const times = begun.filter((one) => one.id === `good-${i}`).map((one) => one.after)
      // The first round may have waited for the slow ones, which nobody knew to be slow.
      times.slice(2).forEach((time, index) => void assert.equal(time - times[index + 1]!, 10 * SECOND))
      assert.ok(times.length >= 17)
    }
    await store.close()
  })

  it('follows what is configured while it runs', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.travel(MINUTE)
    await createMonitor(it.world, editor, { id: 'a', settings: tls({ every: '10s' }) })
    await it.travel(25 * SECOND)
    assert.equal(it.checked.length, 3)
    await changeMonitor(it.world, editor, { id: 'a', settings: tls({ every: '10s', enabled: false }) })
    await it.travel(MINUTE)
    assert.equal(it.checked.length, 3)
    assert.equal((await findMonitor(store.read, 'a'))!.state.reason, 'disabled')
    await changeMonitor(it.world, editor, { id: 'a', settings: tls({ every: '30s' }) })
    await it.travel(MINUTE)
    assert.ok(it.checked.length > 3 && it.checked.length <= 6)
    const before = it.checked.length
    await removeMonitor(it.world, editor, 'a')
    await it.travel(MINUTE)
    assert.equal(it.checked.length, before)
    await store.close()
  })

  it('a verdict that somebody else recorded is taken over, not fought', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { a: tls({ every: '60s', confirm: 1 }) } })
    await it.travel(10 * SECOND)
    await recordObservation(it.world, { monitorId: 'a', observation: seen('down', 'told') })
    assert.equal((await findMonitor(store.read, 'a'))!.state.verdict, 'down')
    // The next checks see it up: one of them notices that the store says otherwise, the one after turns it.
    await it.travel(3 * MINUTE)
    assert.equal((await findMonitor(store.read, 'a'))!.state.verdict, 'up')
    const changes = await it.facts<Change>(verdictChanged.type)
    assert.deepEqual(
      changes.map(({ data }) => data.to),
      ['up', 'down', 'up'],
    )
    await store.close()
  })

  it('keeps the newest certificate, also when it changes no verdict', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { a: tls() } })
    const certificate = {
      subject: 'CN=docs',
      issuer: 'CN=Lab',
      names: ['docs.example.org'],
      serial: '01',
      fingerprint: 'AA:01',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2026-04-01T00:00:00.000Z',
      selfSigned: false,
      chain: ['CN=docs'],
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
    }
    it.sees.set('a', { ...seen('up'), certificate })
    await it.travel(5 * SECOND)
    assert.deepEqual((await findMonitor(store.read, 'a'))!.certificate, certificate)
    const renewed = { ...certificate, fingerprint: 'BB:02', serial: '02' }
    it.sees.set('a', { ...seen('up'), certificate: renewed })
    await it.travel(2 * MINUTE)
    const view = (await findMonitor(store.read, 'a'))!
    assert.deepEqual(view.certificate, renewed)
    assert.equal(view.last?.certificate, undefined)
    // The same certificate is written again when clients make something else of it.
    for (const stamp of ['one', 'two']) {
      it.sees.set('a', { ...seen('up'), certificate: { ...renewed, stamp } })
      await it.travel(2 * MINUTE)
      assert.equal((await findMonitor(store.read, 'a'))!.certificate?.stamp, stamp)
    }
    await store.close()
  })

  it('a restart keeps the verdict and checks at once', async () => {
    const store = await open()
    const one = openMonitorsWorld(store)
    await one.configure({ monitors: { a: tls({ every: '600s', confirm: 1 }) } })
    one.sees.set('a', seen('down', 'no-answer'))
    await one.travel(20 * MINUTE)
    await Promise.all(one.engine.loops.map((loop) => loop.stop?.()))
    const two = openMonitorsWorld(store, { clock: one.clock, instance: 'two' })
    two.sees.set('a', seen('down', 'no-answer'))
    const before = await findMonitor(store.read, 'a')
    const applied = await two.configure({ monitors: { a: tls({ every: '600s', confirm: 1 }) } })
    assert.deepEqual(applied, { created: [], changed: [], removed: [] })
    await two.facts('')
    await two.travel(SECOND)
    assert.equal(two.checked.length, 1)
    assert.deepEqual(await two.facts(verdictChanged.type), [])
    assert.equal((await findMonitor(store.read, 'a'))!.state.since, before!.state.since)
    await store.close()
  })

  if (name === 'postgres')
    it('of two replicas one checks, and the other takes over when it falls silent', async () => {
      const store = await open()
      const one = openMonitorsWorld(store)
      const two = openMonitorsWorld(store, { clock: one.clock, instance: 'two' })
      await one.configure({ monitors: { a: tls({ every: '10s' }) } })
      for (let i = 0; i < 30; i++) {
        one.clock.moveTo(one.clock.now() + SECOND)
        await one.engine.drain()
        await two.engine.drain()
      }
      assert.ok(one.checked.length >= 3)
      assert.equal(two.checked.length, 0)
      for (let i = 0; i < 40; i++) {
        one.clock.moveTo(one.clock.now() + SECOND)
        await two.engine.drain()
      }
      assert.ok(two.checked.length >= 2)
      await store.close()
    })
})
