/** `kill -9` in the middle of pings and pushed lines: what was answered 200 is there, once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MonitorDetail, Run } from '../../src/contract/monitors.ts'
import { freePort } from '../harness/ports.ts'
import { type RunningTocsin, startTocsin, until } from '../harness/tocsin.ts'

const ROUNDS = 6
const WORKERS = 8
const KEYS = {
  named: 'key-of-the-named-runs-01',
  plain: 'key-of-the-plain-runs-01',
  lines: 'key-of-the-lines-0123456',
}
const CONFIG = `services: { jobs: {} }
monitors:
  named: { service: jobs, type: heartbeat, every: 1d, pingKey: ${KEYS.named} }
  plain: { service: jobs, type: heartbeat, every: 1d, pingKey: ${KEYS.plain} }
  lines: { service: jobs, type: log, push: true, pushKey: ${KEYS.lines}, match: x, moreThan: 100000000, within: 1d, every: 1s }
`

async function everyRun(tocsin: RunningTocsin, id: string): Promise<Run[]> {
  const all: Run[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page = await tocsin.api<{ items: Run[]; next: string | null }>(
      'GET',
      `/api/v1/monitors/${id}/runs?limit=500${query}`,
    )
    all.push(...page.items)
    cursor = page.next
  }
  return all
}

test('pings and lines that were answered survive kill -9', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-reports-'))
  const options = { config: CONFIG, folder, port: await freePort() }
  const answered = { named: new Set<string>(), plain: 0, lines: 0 }
  let sent = 0
  let tocsin: RunningTocsin | null = null
  try {
    tocsin = await startTocsin(options)
    for (let round = 0; round < ROUNDS; round++) {
      let stopped = false
      const { url } = tocsin
      const worker = async () => {
        while (!stopped) {
          const rid = randomUUID()
          sent++
          const ok = async (path: string, init?: RequestInit) => {
            const answer = await fetch(url + path, init)
            await answer.arrayBuffer()
            return answer.status === 200
          }
          if (await ok(`/ping/${KEYS.named}?rid=${rid}`)) answered.named.add(rid)
          if (await ok(`/ping/${KEYS.plain}`)) answered.plain++
          if (await ok(`/logs/${KEYS.lines}`, { method: 'POST', body: 'x\ny\n' })) answered.lines += 2
        }
      }
      const workers = Array.from({ length: WORKERS }, () => worker().catch(() => {}))
      await sleep(100 + Math.random() * 300)
      await tocsin.kill()
      stopped = true
      await Promise.all(workers)
      tocsin = await startTocsin(options)
    }
    const named = (await everyRun(tocsin, 'named')).map((run) => run.rid)
    assert.deepEqual(
      [...answered.named].filter((rid) => !named.includes(rid)),
      [],
      'no run that was answered is lost',
    )
    assert.equal(new Set(named).size, named.length, 'and none is there twice')
    const plain = (await everyRun(tocsin, 'plain')).length
    // Of each worker one ping may have been stored and not answered when the process died.
    assert.ok(
      plain >= answered.plain && plain <= answered.plain + ROUNDS * WORKERS,
      `${plain} of ${answered.plain}`,
    )
    const lines = await until('the lines are counted', 10_000, async () => {
      const { last } = await tocsin!.api<MonitorDetail>('GET', '/api/v1/monitors/lines')
      return last && Number(last.values.lines) >= answered.lines ? Number(last.values.lines) : null
    })
    assert.ok(lines <= answered.lines + 2 * ROUNDS * WORKERS, `${lines} of ${answered.lines}`)
    assert.ok(answered.named.size > ROUNDS, 'there was load')
    t.diagnostic(
      `${ROUNDS} kills, ${sent} rounds sent; kept: ${answered.named.size} named runs, ${answered.plain} plain, ${answered.lines} lines`,
    )
  } finally {
    await tocsin?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
