import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { MINUTE } from '../../kit/duration.ts'
import type { Store } from '../../store/store.ts'
import { findMonitor } from '../monitors.rows.ts'
import { recordPing } from '../record-ping.ts'
import { checkMonitor } from '../schedule.ts'
import { type MonitorsWorld, openMonitorsWorld } from '../world-for-tests.ts'
import { recordLines } from './record-lines.ts'

const KEY = 'a-key-for-the-lines-0123'
const pushed = (more: object = {}) => ({
  service: 'sip',
  type: 'log',
  push: true,
  pushKey: KEY,
  match: 'ERROR',
  moreThan: 3,
  ...more,
})

/** A check of the monitor as the scheduler makes it. */
async function look(it: MonitorsWorld, store: Store, id: string, memory: unknown = null) {
  const monitor = (await findMonitor(store.read, id))!
  return (await checkMonitor(monitor, it.clock, { memory, monitorId: id, read: store.read }))!
}

onEveryStore('pushed lines', ({ open }) => {
  it('are counted when they are answered, and judged by the check', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { errors: pushed() } })
    const before = await look(it, store, 'errors')
    assert.deepEqual([before.verdict, before.reason], ['unknown', 'log.never-pushed'])
    assert.deepEqual(await recordLines(it.world, KEY, 'fine\nERROR 1\nERROR 2 token=abcdefgh\n'), {
      lines: 3,
    })
    assert.equal((await look(it, store, 'errors')).reason, 'ok')
    assert.deepEqual(await recordLines(it.world, KEY, '{"message":"ERROR 3"}\n{"message":"ERROR 4"}'), {
      lines: 2,
    })
    const seen = await look(it, store, 'errors')
    assert.deepEqual([seen.verdict, seen.reason, seen.values.matched], ['down', 'log.pattern-matched', 4])
    const { samples } = seen.details as { samples: string[] }
    assert.deepEqual(samples, ['ERROR 1', 'ERROR 2 token=[redacted]', 'ERROR 3', 'ERROR 4'])
    it.clock.moveTo(it.clock.now() + 6 * MINUTE)
    assert.equal((await look(it, store, 'errors')).verdict, 'up')
    await store.close()
  })

  it('many at once are all counted, for each monitor with the key', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({
      monitors: { one: pushed({ moreThan: 10_000 }), two: pushed({ match: '7$', moreThan: 0 }) },
    })
    await Promise.all(Array.from({ length: 50 }, (_, i) => recordLines(it.world, KEY, `ERROR ${i}\nfine`)))
    const one = await look(it, store, 'one')
    assert.deepEqual([one.values.lines, one.values.matched], [100, 50])
    assert.equal((await look(it, store, 'two')).values.matched, 5)
    await store.close()
  })

  it('silence of what is pushed is told', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({
      monitors: { quiet: pushed({ match: undefined, wanted: 'done', silentAfter: '10m' }) },
    })
    const first = await look(it, store, 'quiet')
    await recordLines(it.world, KEY, 'done')
    it.clock.moveTo(it.clock.now() + 9 * MINUTE)
    await recordLines(it.world, KEY, 'something else')
    assert.equal((await look(it, store, 'quiet', first.memory)).verdict, 'up')
    it.clock.moveTo(it.clock.now() + 2 * MINUTE)
    assert.equal((await look(it, store, 'quiet', first.memory)).reason, 'log.silent')
    await store.close()
  })

  it('a key that nobody has, that is switched off or that is a job’s, takes no lines, and the other way round', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const job = { service: 'sip', type: 'heartbeat', every: '1h', pingKey: 'the-key-of-a-job-0123' }
    await it.configure({
      monitors: { errors: pushed(), off: pushed({ pushKey: `${KEY}-off`, enabled: false }), job },
    })
    for (const key of ['nobody', `${KEY}-off`, 'the-key-of-a-job-0123'])
      assert.equal(await recordLines(it.world, key, 'ERROR'), null, key)
    const ping = { key: KEY, method: 'GET', remote: '127.0.0.1' }
    assert.equal((await recordPing(it.world, ping)).status, 404)
    await store.close()
  })
})
