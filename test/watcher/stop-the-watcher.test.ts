/** A drill that stops a Tocsin of its own, and what its watcher says: all of it by real processes. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startDisposable } from '../../src/app/start-disposable.ts'
import type { DrillRun } from '../../src/contract/proofs.ts'
import type { Evidence } from '../../src/proofs/index.ts'
import { type RunningTocsin, startTocsin } from '../harness/tocsin.ts'

const CONFIG = `
services: {docs: {name: Docs}}
drills:
  freeze: {kind: stop-the-watcher, silence: 2s, within: 20s}
  kill: {kind: stop-the-watcher, how: kill, silence: 2s, within: 20s}
  hopeless: {kind: stop-the-watcher, silence: 1m, within: 3s}
  patient: {kind: stop-the-watcher, silence: 1m, within: 2m}
`

describe('stopping the watcher', () => {
  let tocsin: RunningTocsin
  before(async () => {
    tocsin = await startTocsin({ config: CONFIG })
  })
  after(() => tocsin?.stop())

  async function play(id: string): Promise<DrillRun> {
    const { id: runId } = await tocsin.api<DrillRun>('POST', `/api/v1/drills/${id}/run`)
    return tocsin.until(`the drill ${id} ends`, 120_000, async () => {
      const run = await tocsin.api<DrillRun>('GET', `/api/v1/drill-runs/${runId}`)
      return run.finishedAt !== null && run
    })
  }
  const stopped = (run: DrillRun) => (run.evidence as Evidence).stopped!

  for (const how of ['freeze', 'kill'] as const)
    test(`${how}: its watcher says so by its own contact, and nothing of it is left`, async (t) => {
      const run = await play(how)
      assert.equal(run.state, 'passed', `${run.reason} ${JSON.stringify(run.evidence)}`)
      const { beatsBefore, noticedAfterMs, said } = stopped(run)
      t.diagnostic(`${how}: said after ${noticedAfterMs} ms with a silence of 2 s`)
      assert.ok(beatsBefore >= 3)
      // It beats every second, so that a part of the silence had passed.
      assert.ok(noticedAfterMs! > 500 && noticedAfterMs! < 20_000)
      assert.equal(said.length, 1)
      assert.match(said[0]!.subject, /^Tocsin "rehearsal" needs you: no sign of life/)
      assert.match(said[0]!.text, /peer\.silent/)
      assert.deepEqual(left(), [])
      assert.equal((await tocsin.api<{ items: unknown[] }>('GET', '/api/v1/alerts')).items.length, 0)
    })

  test('a watcher that is too patient fails the drill', async () => {
    const run = await play('hopeless')
    assert.deepEqual([run.state, stopped(run).said], ['failed', []])
    assert.match(run.reason, /said nothing within 3s after it was frozen/)
    assert.deepEqual(left(), [])
  })

  test('who kills the server that plays it leaves no process behind, not even a frozen one', async () => {
    await tocsin.api<DrillRun>('POST', '/api/v1/drills/patient/run')
    const stands = (pid: string) => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    await tocsin.until('one of them is frozen', 60_000, async () => processes().some(stands))
    await tocsin.kill()
    await tocsin.until('both are gone', 20_000, async () => processes().length === 0)
    for (const folder of folders()) rmSync(join(tmpdir(), folder), { recursive: true })
  })
})

/** What a drill has left behind. */
const left = () => [...folders(), ...processes()]
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tocsin-drill-'))
const processes = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tocsin-drill-')
    } catch {
      return false
    }
  })

describe('a process for a drill', () => {
  test('is told nothing of what the server knows, and ends also when it is frozen', async () => {
    process.env.DATABASE_URL = 'postgres://nobody@127.0.0.1:1/live'
    try {
      const child = startDisposable(['watch-peer', '/nowhere/watch.yaml'])
      const environment = readFileSync(`/proc/${child.pid}/environ`, 'utf8').split('\0')
      const names = environment.map((one) => one.split('=')[0]!).filter(Boolean)
      assert.deepEqual(
        names.filter((name) => !['PATH', 'TZ', 'LANG', 'TMPDIR'].includes(name)),
        [],
      )
      child.signal('SIGSTOP')
      await child.end()
      assert.ok(child.hasEnded())
    } finally {
      delete process.env.DATABASE_URL
    }
  })
})
