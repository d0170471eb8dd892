/** Who notices that nothing can be stored: a full disk, and a database that another process holds. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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

const STALLED = 6

describe('a Tocsin whose store fails', () => {
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
        `peers:\n  full: {key: ${BEAT_KEY}, silence: 20s, stalled: ${STALLED}s}\n` +
        `  locked: {key: ${BEAT_KEY}, silence: 20s, stalled: ${STALLED}s}\n` +
        `contacts: [{kind: webhook, address: '${hook.url}'}]\n`,
    })
    // Only one of the two is started at a time.
    hook.told.length = 0
  })
  after(async () => {
    await watcher.stop()
    await hook.stop()
    target.close()
  })
  const config = (name: string) => `
services: {docs: {name: Docs}}
monitors:
  docs: {service: docs, type: http, url: 'http://127.0.0.1:${port}/', every: 1s}
watchers: [{url: '${watcher.beatUrl(name)}', key: ${BEAT_KEY}}]
watchdog: {every: 1s, blocked: 2s}
`
  const isUp = async (tocsin: RunningTocsin) =>
    (await tocsin.api<{ state: string }>('GET', '/api/v1/monitors/docs')).state === 'up'
  const downs = async (tocsin: RunningTocsin) => {
    const { points } = await tocsin.api<{ points: { downMs: number }[] }>(
      'GET',
      '/api/v1/monitors/docs/history?resolution=minute',
    )
    return points.reduce((sum, point) => sum + point.downMs, 0)
  }

  test('a full disk: the watcher pages, and nothing is called down', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-full-'))
    const disk = smallDisk(folder)
    t.diagnostic(`the disk is filled by ${disk.how}`)
    const tocsin = await startTocsin({ config: config('full'), folder: disk.folder })
    try {
      await tocsin.until('the monitor is up', 15_000, () => isUp(tocsin))
      const began = Date.now()
      disk.fill(tocsin.pid)
      const paged = await hook.waitFor(
        'a page',
        /"full" needs you: it is alive, but no check has been stored/,
        40_000,
      )
      t.diagnostic(
        `full disk: paged after ${((paged.at - began) / 1_000).toFixed(1)} s (stalled ${STALLED} s)`,
      )
      const said = hook.told.length
      disk.free(tocsin.pid)
      await hook.waitFor('that it is back', /"full" is back/, 20_000, said)
      assert.equal(await downs(tocsin), 0, 'a disk of ours made nothing else down')
      assert.equal(await isUp(tocsin), true)
    } finally {
      await tocsin.stop()
      disk.remove()
    }
  })

  test('a database that another process holds for 30 s: said, and nothing is called down', async (t) => {
    const tocsin = await startTocsin({ config: config('locked') })
    try {
      await tocsin.until('the monitor is up', 15_000, () => isUp(tocsin))
      const began = Date.now()
      const holders = ['core.db', 'history.db'].map((name) => {
        const db = new DatabaseSync(join(tocsin.folder, 'data', name), { timeout: 5_000 })
        db.exec('BEGIN EXCLUSIVE')
        return db
      })
      const paged = await hook.waitFor('a page', /"locked" needs you/, 29_000)
      t.diagnostic(
        `locked database: paged after ${((paged.at - began) / 1_000).toFixed(1)} s: ${paged.subject}`,
      )
      await tocsin.until('30 s are over', 40_000, async () => Date.now() - began >= 30_000)
      for (const db of holders) {
        db.exec('ROLLBACK')
        db.close()
      }
      const said = hook.told.length
      const back = await hook.waitFor('that it is back', /"locked" is back/, 25_000, said)
      t.diagnostic(`back ${((back.at - began) / 1_000 - 30).toFixed(1)} s after the lock fell`)
      assert.match(tocsin.output(), /the event loop does not move/)
      assert.match(tocsin.output(), /the event loop moves again/)
      assert.equal(await downs(tocsin), 0, 'a lock of ours made nothing else down')
      assert.equal(await isUp(tocsin), true)
      const metrics = await (
        await fetch(`${tocsin.url}/metrics`, {
          headers: { authorization: 'Bearer test-administrator-token-0123456789abcdef' },
        })
      ).text()
      assert.match(metrics, /tocsin_event_loop_blocked_total [1-9]/)
    } finally {
      await tocsin.stop()
    }
  })
})

interface SmallDisk {
  folder: string
  how: string
  fill(pid: number): void
  free(pid: number): void
  remove(): void
}

/** A file system of its own where the machine lets us mount one; else a limit on the size of every file. */
function smallDisk(folder: string): SmallDisk {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' })
    const ballast = join(folder, 'ballast')
    return {
      folder,
      how: 'ballast on a tmpfs of 24 MB',
      fill() {
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(64_000), { flag: 'a' })
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
        }
      },
      free: () => rmSync(ballast),
      remove() {
        execFileSync('umount', ['-l', folder])
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch {
    // Files may grow no further than the log of the database is now: Node ignores the signal, writing fails.
    const limit = (pid: number, size: string) =>
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${size}`])
    return {
      folder,
      how: 'a limit on the size of files',
      fill: (pid) => limit(pid, `${statSync(join(folder, 'data', 'history.db')).size}:unlimited`),
      free: (pid) => limit(pid, 'unlimited:unlimited'),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }
  }
}
