import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { sharePostgres } from '../../../test/harness/catalog-world.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import type { Store } from '../../store/store.ts'
import { readHistory } from '../read-history.ts'
import { rollUp } from '../roll-up.ts'
import { type MonitorsWorld, openMonitorsWorld, START } from '../world-for-tests.ts'
import { takeDelivery, workForPlace } from './deliver.ts'
import { viewsOf } from './places.rows.ts'

const MINUTE = 60_000
const about = { version: '1', lost: 0 }
const spool = 'spool-of-the-place'

sharePostgres()

onEveryStore('what a place delivers', (under) => {
  let store: Store
  let it: MonitorsWorld
  beforeEach(async () => {
    store = await under.open()
    it = openMonitorsWorld(store)
    const tcp = (more: object) => ({ service: 'docs', type: 'tcp', target: 'docs.example.org:443', ...more })
    await it.configure({
      monitors: {
        here: tcp({}),
        both: tcp({ places: ['here', 'outside'], quorum: 1, confirm: 1 }),
        other: tcp({ places: ['cern'] }),
        off: tcp({ places: ['outside'], enabled: false }),
      },
    })
  })
  afterEach(() => store.close())

  const item = (seq: number, at: number, verdict: 'up' | 'down' = 'up', monitorId = 'both') => ({
    seq,
    monitorId,
    at,
    verdict,
    reason: verdict === 'up' ? 'ok' : 'connect.refused',
    summary: 'seen',
    tookMs: 3,
  })
  const deliver = (items: ReturnType<typeof item>[], more = {}) =>
    takeDelivery(it.world, 'outside', { ...about, spool, sentAt: it.clock.now(), items, ...more })
  const rows = async () =>
    (
      await store.history
        .selectFrom('observations')
        .select(['at', 'verdict'])
        .where('monitor_id', '=', 'both@outside')
        .orderBy('seq')
        .execute()
    ).map(({ at, verdict }) => `${(at - START) / 1_000} ${verdict}`)

  test('what no database keeps in a text is left out of it', async () => {
    const odd = { ...item(1, it.clock.now()), summary: 'a\0b \ud800', monitorId: 'both' }
    assert.deepEqual(await deliver([odd], { version: '1\0' }), { upTo: 1 })
    assert.equal((await viewsOf(store.read, 'both'))[0]!.summary.slice(0, 3), 'a b')
  })

  test('a place is told of its own monitors only', async () => {
    const work = await workForPlace(it.world, 'outside', about)
    assert.deepEqual(
      work.map(({ id }) => id),
      ['both'],
    )
    assert.deepEqual(await workForPlace(it.world, 'nowhere', about), [])
  })

  test('delivered twice, overlapping and out of order it counts once', async () => {
    await it.travel(10 * MINUTE)
    assert.deepEqual(await deliver([item(1, START + 1_000), item(2, START + 2_000)]), { upTo: 2 })
    assert.deepEqual(await deliver([item(1, START + 1_000), item(2, START + 2_000)]), { upTo: 2 })
    assert.deepEqual(await deliver([item(3, START + 3_000), item(2, START + 2_000)]), { upTo: 3 })
    assert.deepEqual(await rows(), ['1 up', '2 up', '3 up'])
  })

  test('two deliveries of the same at the same time count once', async () => {
    await it.travel(10 * MINUTE)
    const items = [item(1, START + 1_000), item(2, START + 2_000)]
    await Promise.all([deliver(items), deliver(items), deliver(items)])
    assert.deepEqual(await rows(), ['1 up', '2 up'])
  })

  test('a new spool begins anew', async () => {
    await it.travel(10 * MINUTE)
    await deliver([item(7, START + 1_000)])
    await deliver([item(1, START + 5_000)], { spool: 'another-spool' })
    assert.deepEqual(await rows(), ['1 up', '5 up'])
  })

  test('what comes late counts at its own time, and turns the verdict back by nothing', async () => {
    await it.travel(10 * MINUTE)
    await deliver([item(1, it.clock.now() - 1_000)])
    // Another spool of the same place, found later: older, and bad.
    await deliver([item(1, START + MINUTE, 'down')], { spool: 'found-again' })
    const [view] = (await viewsOf(store.read, 'both')).filter(({ place }) => place === 'outside')
    assert.equal(view!.verdict, 'up')
    await rollUp(it.world)
    const points = await readHistory(it.world, 'both@outside', START, it.clock.now(), 'minute')
    assert.ok(points.length > 0)
  })

  test('its clock may stand anywhere: only distances count, and nothing was seen in the future', async () => {
    await it.travel(10 * MINUTE)
    const wrong = START - 86_400_000 * 365
    await deliver([item(1, wrong - 5_000), item(2, wrong + 99_000)], { sentAt: wrong })
    assert.deepEqual(await rows(), ['595 up', '600 up'])
  })

  test('what is not its business is forgotten, and does not stand in its way', async () => {
    await it.travel(10 * MINUTE)
    const seen = [
      item(1, START + 1_000, 'down', 'here'),
      item(2, START + 2_000, 'down', 'other'),
      item(3, START + 3_000),
    ]
    assert.deepEqual(await deliver(seen), { upTo: 3 })
    assert.deepEqual(await rows(), ['3 up'])
    assert.deepEqual(await viewsOf(store.read, 'here'), [])
  })

  test('nonsense is refused as a whole', async () => {
    const bad = [
      { ...item(1, START), verdict: 'splendid' },
      { ...item(1, START), seq: 0 },
      { ...item(1, START), more: 1 },
    ]
    for (const one of bad) await assert.rejects(deliver([one as never]))
    await assert.rejects(deliver(Array.from({ length: 501 }, (_, i) => item(i + 1, START))))
    await assert.rejects(deliver([{ ...item(1, START), reason: '<script>' }]))
    assert.deepEqual(await rows(), [])
  })

  test('the verdict follows the place, and its silence', async () => {
    await it.travel(5 * MINUTE)
    await deliver([item(1, it.clock.now(), 'down')])
    await it.travel(MINUTE)
    const changes = await it.facts<{ monitorId: string; to: string; reason: string }>(
      'monitor.verdict-changed',
    )
    const last = () => changes.filter(({ data }) => data.monitorId === 'both').at(-1)?.data
    assert.deepEqual([last()?.to, last()?.reason], ['down', 'place.outside-only'])
    await it.travel(10 * MINUTE)
    changes.push(
      ...(await it.facts<{ monitorId: string; to: string; reason: string }>('monitor.verdict-changed')),
    )
    assert.deepEqual([last()?.to, last()?.reason], ['unknown', 'place.silent'])
  })
})
