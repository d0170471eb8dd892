/**
 * Gluster, November 2018: the monitor itself had been short of memory for two weeks, and in the last days it checked
 * nothing; nobody watched it. Here a real Tocsin, beside `tocsin watch-peer` as a process of its own, runs out of
 * memory, and then lives on without storing a single check.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tellIncident } from '../../harness/incident-line.ts'
import { freePort } from '../../harness/ports.ts'
import { startTocsin } from '../../harness/tocsin.ts'
import { nodeVersion } from '../../harness/versions.ts'
import {
  BEAT_KEY,
  type RunningWatcherProcess,
  startWatcher,
  startWebhook,
  type Told,
  type Webhook,
} from '../../harness/watcher.ts'

const SILENCE = 4
const STALLED = 6
const PRLIMIT = '/usr/bin/prlimit'

describe('a watcher that nobody watched', { skip: !existsSync(PRLIMIT) && 'prlimit not installed' }, () => {
  let hook: Webhook
  let watcher: RunningWatcherProcess
  let target: Server
  let port = 0

  before(async () => {
    hook = await startWebhook()
    port = await freePort()
    target = createServer((_request, response) => response.end('ok')).listen(port, '127.0.0.1')
    watcher = await startWatcher({
      config:
        `peers:\n  full: {key: ${BEAT_KEY}, silence: ${SILENCE}s, stalled: ${STALLED}s}\n` +
        `  idle: {key: ${BEAT_KEY}, silence: 20s, stalled: ${STALLED}s}\n` +
        `contacts: [{kind: webhook, address: '${hook.url}'}]\n`,
    })
  })
  after(async () => {
    await watcher?.stop()
    await hook?.stop()
    target?.close()
  })

  const startAs = async (name: string) => {
    const tocsin = await startTocsin({
      config: `
services: {docs: {name: Docs}}
monitors: {docs: {service: docs, type: http, url: 'http://127.0.0.1:${port}/', every: 1s}}
watchers: [{url: '${watcher.beatUrl(name)}', key: ${BEAT_KEY}}]
watchdog: {every: 1s, blocked: 2s}
`,
    })
    await tocsin.until('it checks', 20_000, async () => {
      const { state } = await tocsin.api<{ state: string }>('GET', '/api/v1/monitors/docs')
      return state === 'up'
    })
    // Until the watcher has heard of it, it cannot miss it.
    await sleep(2_500)
    return tocsin
  }
  const tell = (t: TestContext, failure: string, paged: Told, began: number, note: string) =>
    tellIncident(t, {
      incident: 'gluster-docs',
      failure,
      software: `Tocsin and its watcher, two processes of ${nodeVersion}`,
      verdict: 'paged',
      reason: /peer\.[a-z-]+/.exec(paged.text)?.[0] ?? '',
      seconds: (paged.at - began) / 1_000,
      note,
    })

  test('runs out of memory and dies: paged from outside', async (t) => {
    const tocsin = await startAs('full')
    const said = hook.told.length
    try {
      const size = Number(/VmSize:\s+(\d+)/.exec(readFileSync(`/proc/${tocsin.pid}/status`, 'utf8'))![1])
      // As much as it has, and nothing more: what it asks for next, the kernel refuses.
      execFileSync(PRLIMIT, ['--pid', String(tocsin.pid), `--as=${size * 1_024}`])
      const isAlive = () =>
        existsSync(`/proc/${tocsin.pid}/exe`) &&
        !/\) Z/.test(readFileSync(`/proc/${tocsin.pid}/stat`, 'utf8'))
      const busy = async () => {
        // People look at their pages, which takes memory.
        const body = JSON.stringify({ filler: 'x'.repeat(400_000) })
        await Promise.allSettled(
          Array.from({ length: 12 }, () => fetch(`${tocsin.url}/api/v1/monitors`, { method: 'POST', body })),
        )
      }
      for (let tries = 0; tries < 200 && isAlive(); tries++) await busy()
      assert.ok(!isAlive(), 'it lives on without memory')
      const died = Date.now()
      const paged = await hook.waitFor('a page', /"full" needs you/, 20_000, said)
      assert.match(paged.text, /peer\.silent/)
      tell(t, 'the monitoring runs out of memory and dies', paged, died, `allowed silence is ${SILENCE} s`)
    } finally {
      await tocsin.stop()
    }
  })

  test('lives on and checks nothing: paged from outside, although it answers', async (t) => {
    const tocsin = await startAs('idle')
    const said = hook.told.length
    try {
      const began = Date.now()
      // No file may grow any more: the program runs, and nothing that it sees is kept.
      execFileSync(PRLIMIT, ['--pid', String(tocsin.pid), '--fsize=1:'])
      const paged = await hook.waitFor('a page', /"idle" needs you: it is alive/, 40_000, said)
      assert.match(paged.text, /peer\.not-checking/)
      assert.ok((await fetch(`${tocsin.url}/status/`)).status < 500, 'who looks at it sees it answer')
      tell(
        t,
        'the monitoring lives and stores no check',
        paged,
        began,
        `allowed is ${STALLED} s; its pages still answer`,
      )
    } finally {
      await tocsin.stop()
    }
  })
})
