import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { SHOWN_STATES } from '../contract/monitors.ts'
import { MINUTE } from '../kit/duration.ts'
import { countMonitors, listMonitors, type MonitorCursor } from './monitors.rows.ts'
import type { Verdict } from './observation.ts'
import { openMonitorsWorld, seen } from './world-for-tests.ts'

const VERDICTS: Verdict[] = ['up', 'degraded', 'down', 'unknown']

/** 24 monitors of two services: each verdict, some in maintenance, some switched off. */
const entries = Object.fromEntries(
  Array.from({ length: 24 }, (_, i) => [
    `m-${String(i).padStart(2, '0')}`,
    {
      service: i % 3 === 0 ? 'mail' : 'docs',
      type: 'tcp',
      target: `host-${i}.example.org:25`,
      name: i === 7 ? '100% of_it' : `Monitor ${i}`,
      enabled: i % 8 !== 5,
      confirm: 1,
      every: '60s',
    },
  ]),
)

onEveryStore('the list of monitors', ({ open }) => {
  test('worst first, page by page, each monitor once; filters and counts agree', async (t) => {
    const store = await open()
    t.after(() => store.close())
    const it = openMonitorsWorld(store)
    for (const [i, id] of Object.keys(entries).entries()) it.sees.set(id, seen(VERDICTS[i % 4]!))
    await it.configure({
      monitors: entries,
      maintenance: {
        now: { monitors: ['m-02', 'm-04'], from: '2026-01-05T08:00:00Z', to: '2026-01-06T08:00:00Z' },
      },
    })
    await it.start()
    await it.travel(3 * MINUTE)

    const all: Awaited<ReturnType<typeof listMonitors>> = []
    let after: MonitorCursor | undefined
    do {
      const page = await listMonitors(store.read, { order: 'urgency', limit: 5, after })
      all.push(...page)
      const last = page.at(-1)
      after = page.length === 5 && last ? { id: last.id, rank: last.rank } : undefined
    } while (after)
    assert.equal(new Set(all.map(({ id }) => id)).size, 24)
    assert.equal(all.length, 24)
    const shown = all.map((one) => {
      if (!one.enabled) return 'paused'
      return one.state.maintenance ? 'maintenance' : one.state.verdict
    })
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => SHOWN_STATES.indexOf(a) - SHOWN_STATES.indexOf(b)),
    )
    assert.deepEqual(new Set(shown), new Set(SHOWN_STATES))

    const counts = await countMonitors(store.read)
    for (const state of SHOWN_STATES) {
      const some = await listMonitors(store.read, { state })
      assert.equal(some.length, counts[state], state)
      assert.equal(shown.filter((one) => one === state).length, counts[state], state)
    }
    const mail = await listMonitors(store.read, { serviceId: 'mail' })
    assert.equal(mail.length, 8)
    const inMail = await countMonitors(store.read, { serviceId: 'mail' })
    assert.equal(
      Object.values(inMail).reduce((a, b) => a + b),
      8,
    )
  })

  test('words are found in names and targets as they are written: % and _ stand for themselves', async (t) => {
    const store = await open()
    t.after(() => store.close())
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: entries })
    const found = async (...words: string[]) =>
      (await listMonitors(store.read, { words })).map(({ id }) => id)
    assert.deepEqual(await found('100%'), ['m-07'])
    assert.deepEqual(await found('of_it'), ['m-07'])
    assert.deepEqual(await found('HOST-11.', 'docs'), ['m-11'])
    assert.deepEqual(await found('host-11.', 'mail'), [])
    assert.deepEqual(await found('\\'), [])
    assert.deepEqual(await found("' or 1=1 --"), [])
  })
})
