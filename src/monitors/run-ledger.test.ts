import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { systemActor } from '../engine/world.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'
import { createMonitor } from './change-monitor.ts'
import { listRuns, pruneRuns } from './heartbeats.rows.ts'
import { findMonitor } from './monitors.rows.ts'
import { recordPing } from './record-ping.ts'
import { runFigures } from './run-figures.ts'
import { relatedMonitors } from './tell-renewal.ts'
import { type MonitorsWorld, openMonitorsWorld } from './world-for-tests.ts'

const KEY = 'a-shared-key-0123456789'
const job = (more = {}) => ({
  monitors: {
    job: { service: 'jobs', type: 'heartbeat', every: '1h', startGrace: '10m', pingKey: KEY, ...more },
  },
})
const ping = (it: MonitorsWorld, action = '', more = {}) =>
  recordPing(it.world, { key: KEY, action, method: 'POST', remote: '127.0.0.1', ...more })

onEveryStore('the ledger of runs', ({ open }) => {
  it('holds every run: open, ended, failed with its words, superseded', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure(job({ supersedes: true }))
    await ping(it, 'start')
    await it.travel(MINUTE)
    await ping(it, 'start')
    await it.travel(2 * MINUTE)
    await ping(it, '7', { body: 'a\0b\ndisk full' })
    await ping(it, 'start')
    const runs = await listRuns(store.read, 'job', 10)
    assert.deepEqual(
      runs.map(({ outcome, exitStatus, durationMs, log }) => [outcome, exitStatus, durationMs, log]),
      [
        ['running', null, null, null],
        ['failure', 7, 2 * MINUTE, 'a\uFFFDb\ndisk full'],
        ['superseded', null, null, null],
      ],
    )
    assert.equal((await listRuns(store.read, 'job', 10, runs[0]!.seq)).length, 2)
    const ofOne = await listRuns(store.read, 'job', 10, undefined, 'running')
    assert.deepEqual(ofOne, runs.slice(0, 1), 'those of one outcome alone')
    await store.close()
  })

  it('counts scheduled runs that never came, each once, over restarts too', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure(job())
    await ping(it)
    await it.travel(4 * HOUR + 15 * MINUTE)
    assert.equal((await runFigures(store.read, 'job')).missed, 4)
    const seen = (await findMonitor(store.read, 'job'))!
    assert.match(seen.last!.summary, /; 4 scheduled runs were missed so far/)
    const two = openMonitorsWorld(store, { clock: it.clock, instance: 'two' })
    await two.start()
    await two.travel(HOUR)
    assert.equal((await runFigures(store.read, 'job')).missed, 5)
    const missed = (await listRuns(store.read, 'job', 20)).filter(({ outcome }) => outcome === 'missed')
    assert.deepEqual(
      missed.map(({ endedAt }, i) => i === 0 || missed[i - 1]!.endedAt! - endedAt! === HOUR),
      [true, true, true, true, true],
    )
    await store.close()
  })

  it('a run that takes far longer than its past is degraded, while it runs and after', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure(job({ unusual: 3, maxRun: '50m' }))
    for (let run = 0; run < 12; run++) {
      await ping(it, 'start')
      await it.travel(2 * MINUTE)
      await ping(it)
      await it.travel(58 * MINUTE)
    }
    assert.equal((await runFigures(store.read, 'job')).usual?.medianMs, 2 * MINUTE)
    await ping(it, 'start')
    await it.travel(7 * MINUTE)
    const during = (await findMonitor(store.read, 'job'))!.state
    assert.deepEqual([during.verdict, during.reason], ['degraded', 'heartbeat.run-unusual'])
    assert.equal(during.summary, 'a run takes 6m already; its runs usually take 2m')
    await ping(it)
    assert.equal((await findMonitor(store.read, 'job'))!.state.reason, 'heartbeat.run-unusual')
    await it.travel(MINUTE)
    await ping(it, 'start')
    await it.travel(MINUTE)
    await ping(it)
    assert.equal((await findMonitor(store.read, 'job'))!.state.verdict, 'up')
    await store.close()
  })

  it('old lines go, open runs stay', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure(job())
    await ping(it, 'start')
    await ping(it, 'start')
    await ping(it, 'fail')
    await it.travel(DAY)
    const before = it.clock.now() - HOUR / 2
    await store.transaction((db) => pruneRuns(db, before))
    const left = await listRuns(store.read, 'job', 50)
    assert.ok(left.every(({ endedAt }) => endedAt === null || endedAt >= before))
    assert.equal(left.filter(({ outcome }) => outcome === 'running').length, 1)
    await store.close()
  })

  it('what a job renews must be there, and be no heartbeat', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const tls = { service: 'jobs', type: 'tls', target: 'docs.lab.example:443' }
    await it.configure({ monitors: { ...job().monitors, certificate: tls } })
    const create = (id: string, renews: string) =>
      createMonitor(it.world, systemActor('test'), {
        id,
        settings: { service: 'jobs', type: 'heartbeat', every: '1h', renews },
      })
    for (const wrong of ['nothing', 'job'])
      await assert.rejects(
        create('renewal', wrong),
        (error: { problems: { path: string; remedy: string }[] }) => {
          assert.equal(error.problems[0]!.path, 'settings.renews')
          assert.match(error.problems[0]!.remedy, /certificate/)
          return true
        },
      )
    const renewal = await create('renewal', 'certificate')
    const names = async (id: string) =>
      (await relatedMonitors(store.read, (await findMonitor(store.read, id))!)).map(
        ({ relation, monitor }) => `${relation} ${monitor.id}`,
      )
    assert.deepEqual(await names(renewal.id), ['renews certificate'])
    assert.deepEqual(await names('certificate'), ['renewed-by renewal'])
    await store.close()
  })
})
