/** The canary: it must fail and be noticed, disturbs nobody while all is well, and is an alarm when it is missed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { listUnresolved } from '../../src/alerts/index.ts'
import { keepCanary } from '../../src/app/keep-canary.ts'
import { type CanaryResult, runCanary } from '../../src/app/run-canary.ts'
import { captureChannels } from '../../src/channels/index.ts'
import { createWorld } from '../../src/engine/create-world.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { ADMIN_TOKEN, startTocsin, until } from '../harness/tocsin.ts'

describe('one canary', () => {
  test('fails really, and is paged for within seconds', async (t) => {
    const capture = captureChannels()
    const result = await runCanary(20_000, capture)
    assert.ok(result.noticed, JSON.stringify(result))
    t.diagnostic(`from the start to the page: ${result.tookMs} ms`)
    assert.ok(capture.sent.some(({ message }) => /canary/i.test(message.subject)))
    // Nothing that leaves could reach anybody.
    for (const { address } of capture.sent) assert.match(String(address.email), /\.invalid$/)
  })

  test('is missed when no channel takes the page, and says how far it came', async () => {
    const capture = captureChannels()
    capture.answer = (_kind, _address, message) =>
      /\/verify\//.test(`${message.link?.url} ${message.text}`)
        ? { result: 'sent' }
        : { result: 'retry', reason: 'sabotaged' }
    const result = await runCanary(4_000, capture)
    assert.deepEqual(result.noticed ? null : result.reached, 'alert')
  })
})

describe('the keeper of the canary', () => {
  test('opens one alert when it was missed, and resolves it when the next one was noticed', async () => {
    const store = await openStore({ directory: ':memory:', now: systemClock.now() })
    const world = createWorld({
      clock: systemClock,
      store,
      log: silentLog,
      instance: 'one',
      publicUrl: 'http://localhost',
    })
    let result: CanaryResult = { noticed: false, reached: 'verdict', why: 'sabotaged' }
    const canary = keepCanary(world, { every: 30, within: 1_000 }, async () => result)
    await until('an alert', 5_000, async () => (await listUnresolved(store.read)).length === 1)
    await until('several runs', 5_000, async () => canary.figures()!.runs >= 3)
    const [alert, ...others] = await listUnresolved(store.read)
    assert.deepEqual(others, [])
    assert.match(alert!.summary, /came as far as: verdict/)
    result = { noticed: true, tookMs: 5 }
    await until('it is resolved', 5_000, async () => (await listUnresolved(store.read)).length === 0)
    await canary.stop()
    await store.close()
  })
})

test('in a running Tocsin it flies on schedule, and nothing of it is seen', async (t) => {
  const tocsin = await startTocsin({
    config: 'services: {docs: {name: Docs}}\ncanary: {every: 2s, within: 15s}\n',
  })
  try {
    const metrics = async () =>
      (await fetch(`${tocsin.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).text()
    const seen = await tocsin.until('two canaries', 40_000, async () => {
      const text = await metrics()
      return Number(/^tocsin_canaries_total (\d+)/m.exec(text)?.[1]) >= 2 && text
    })
    assert.match(seen, /^tocsin_canaries_missed_total 0$/m)
    t.diagnostic(`${/^tocsin_canary_noticed_seconds .*/m.exec(seen)?.[0]}`)
    for (const path of ['alerts', 'incidents', 'monitors', 'pages'])
      assert.deepEqual((await tocsin.api<{ items: unknown[] }>('GET', `/api/v1/${path}`)).items, [], path)
    assert.doesNotMatch(await (await fetch(`${tocsin.url}/status`)).text(), /canary/i)
  } finally {
    await tocsin.stop()
  }
})
