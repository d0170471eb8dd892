/** Who notices that Tocsin is dead, frozen or stopped, and after how long: real processes, real signals. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { freePort } from '../harness/ports.ts'
import { type RunningTocsin, startTocsin } from '../harness/tocsin.ts'
import {
  BEAT_KEY,
  type RunningWatcherProcess,
  startWatcher,
  startWebhook,
  type Webhook,
} from '../harness/watcher.ts'

/** Shorter than the usual 60 s, so that the test is short; what is noticed and how is the same. */
const SILENCE = 4

describe('a watcher beside a Tocsin', () => {
  let hook: Webhook
  let watcher: RunningWatcherProcess
  let tocsin: RunningTocsin
  let target: ReturnType<typeof createServer>
  let config = ''
  const watcherConfig = () =>
    `peers: {main: {key: ${BEAT_KEY}, silence: ${SILENCE}s, stalled: 8s}}\n` +
    `contacts: [{kind: webhook, address: '${hook.url}'}]\n`

  before(async () => {
    hook = await startWebhook()
    const port = await freePort()
    target = createServer((_request, response) => response.end('ok')).listen(port, '127.0.0.1')
    watcher = await startWatcher({ config: watcherConfig() })
    config = `
services: {docs: {name: Docs}}
monitors: {docs: {service: docs, type: http, url: 'http://127.0.0.1:${port}/', every: 1s}}
watchers: [{url: '${watcher.beatUrl('main')}', key: ${BEAT_KEY}}]
watchdog: {every: 1s}
`
    tocsin = await startTocsin({ config })
  })
  after(async () => {
    await tocsin.stop()
    await watcher.stop()
    await hook.stop()
    target.close()
  })
  const beatsTaken = async () => {
    const metrics = await (
      await fetch(`${tocsin.url}/metrics`, {
        headers: { authorization: 'Bearer test-administrator-token-0123456789abcdef' },
      })
    ).text()
    return Number(/tocsin_beats_total\{result="taken"\} (\d+)/.exec(metrics)?.[1] ?? -1)
  }

  test('well: beats are taken and nobody is paged', async (t) => {
    await tocsin.until('several beats are taken', 20_000, async () => (await beatsTaken()) >= 3)
    assert.deepEqual(hook.told, [])
    const status = readFileSync(`/proc/${watcher.pid}/status`, 'utf8')
    const rss = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024
    t.diagnostic(`the watcher takes ${rss.toFixed(0)} MiB of resident memory`)
    assert.ok(rss < 130, `${rss} MiB`)
  })

  test('frozen by SIGSTOP: noticed by the watcher, and its return too', async (t) => {
    const began = Date.now()
    process.kill(tocsin.pid, 'SIGSTOP')
    const paged = await hook
      .waitFor('a page', /needs you: no sign of life/, 20_000)
      .catch((error) => error as Error)
    const said = hook.told.length
    process.kill(tocsin.pid, 'SIGCONT')
    if (paged instanceof Error) throw paged
    assert.match(paged.text, /peer\.silent/)
    t.diagnostic(`SIGSTOP: paged after ${((paged.at - began) / 1_000).toFixed(1)} s (silence ${SILENCE} s)`)
    assert.ok(paged.at - began >= (SILENCE - 1.5) * 1_000)
    await hook.waitFor('that it is back', /is back after/, 10_000, said)
    assert.equal(hook.told.length, 2)
  })

  test('killed by SIGKILL, as when memory runs out; the watcher restarted meanwhile pages no second time', async (t) => {
    const said = hook.told.length
    const began = Date.now()
    await tocsin.kill()
    const paged = await hook.waitFor('a page', /needs you/, 20_000, said)
    t.diagnostic(`SIGKILL: paged after ${((paged.at - began) / 1_000).toFixed(1)} s (silence ${SILENCE} s)`)
    const { folder, port } = watcher
    await watcher.kill()
    watcher = await startWatcher({ config: watcherConfig(), folder, port })
    await new Promise((resolve) => setTimeout(resolve, (SILENCE + 3) * 1_000))
    // Killed between the sending and the noting of it, it sends again; by the key that is known for the same page.
    assert.deepEqual([...new Set(hook.told.slice(said).map(({ key }) => key))], [paged.key], 'paged twice')
    tocsin = await startTocsin({ config, folder: tocsin.folder, port: tocsin.port })
    const back = await hook.waitFor('that it is back', /is back after/, 15_000, said)
    assert.notEqual(back.key, paged.key)
  })

  test('stopped in order: named as such', async (t) => {
    const said = hook.told.length
    const { folder, port } = tocsin
    const began = Date.now()
    process.kill(tocsin.pid, 'SIGTERM')
    const paged = await hook.waitFor('a page', /was stopped in order/, 20_000, said)
    t.diagnostic(`SIGTERM: paged after ${((paged.at - began) / 1_000).toFixed(1)} s (silence ${SILENCE} s)`)
    tocsin = await startTocsin({ config, folder, port })
    await hook.waitFor('that it is back', /is back after/, 15_000, said)
  })
})
