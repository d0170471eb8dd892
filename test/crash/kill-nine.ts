/** Fifty times `kill -9` at random moments under load: what was promised is there, and no page is lost. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Alert } from '../../src/contract/alerts.ts'
import type { Incident, TimelineEntry } from '../../src/contract/incidents.ts'
import type { MonitorDetail } from '../../src/contract/monitors.ts'
import type { Page } from '../../src/contract/oncall.ts'
import { freePort } from '../harness/ports.ts'
import { type RunningTocsin, startTocsin, until } from '../harness/tocsin.ts'
import { type LoadTarget, load, type Promised } from './load.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const ROUNDS = Number(process.env.TOCSIN_KILLS ?? 50)
const HEARTBEATS = 150
const BIN = fileURLToPath(new URL('../../bin/tocsin', import.meta.url))

function configuration(port: number, hook: string): string {
  const beats = Array.from(
    { length: HEARTBEATS },
    (_, i) => `  beat-${i}: { service: jobs, type: heartbeat, every: 1d }`,
  )
  return `publicUrl: http://127.0.0.1:${port}
people:
  ana: { name: Ana, email: ana@lab.example, contacts: [{ kind: webhook, address: { url: "${hook}" } }] }
teams: { web: { members: [ana], policy: all } }
services: { jobs: { owner: web } }
policies:
  all: { default: true, steps: [{ notify: [{ person: ana }], wait: 5m }], lastResort: { people: [ana] } }
incidents: { rules: [] }
monitors:
${beats.join('\n')}
`
}

async function everyItem<Item>(tocsin: RunningTocsin, path: string): Promise<Item[]> {
  const all: Item[] = []
  let cursor: string | null = null
  do {
    const query: string = `${path.includes('?') ? '&' : '?'}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`
    const page: { items: Item[]; next: string | null } = await tocsin.api('GET', path + query)
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return all
}

async function prepare(tocsin: RunningTocsin, receiver: Receiver): Promise<LoadTarget> {
  const link = await until('the webhook is asked to verify itself', 20_000, async () =>
    receiver.received.map(({ body }) => /https?:[^"\s]+\/verify\/[\w.-]+/.exec(body)?.[0]).find(Boolean),
  )
  const verified = await fetch(link, { method: 'POST', headers: { origin: tocsin.url } })
  assert.equal(verified.status, 200, await verified.text())
  const incident = await tocsin.api<Incident>('POST', '/api/v1/incidents', {
    title: 'Under load',
    severity: 'SEV4',
  })
  const pings = new Map<string, string>()
  for (let i = 0; i < HEARTBEATS; i++) {
    const { pingUrl } = await tocsin.api<MonitorDetail>('GET', `/api/v1/monitors/beat-${i}`)
    pings.set(`beat-${i}`, pingUrl!)
  }
  return { url: tocsin.url, incidentId: incident.id, pings }
}

async function judge(
  tocsin: RunningTocsin,
  target: LoadTarget,
  promised: Promised,
  receiver: Receiver,
): Promise<void> {
  const timeline = await everyItem<TimelineEntry>(tocsin, `/api/v1/incidents/${target.incidentId}/timeline`)
  const written = timeline.map((entry) => entry.text)
  const lost = promised.notes.filter((text) => !written.includes(text))
  assert.deepEqual(lost, [], 'notes answered 2xx are there')
  assert.equal(new Set(written).size, written.length, 'and none is there twice')

  const alerts = await until('every failure that was promised has its alert', 30_000, async () => {
    const all = await everyItem<Alert>(tocsin, '/api/v1/alerts')
    const missing = [...promised.failed].filter(
      (monitor) => !all.some((alert) => alert.monitorId === monitor),
    )
    return missing.length === 0 ? all : null
  })
  assert.deepEqual(
    [...promised.seen].filter((id) => !alerts.some((alert) => alert.id === id)),
    [],
    'no alert that was shown has vanished',
  )
  for (const id of promised.acknowledged)
    assert.equal(
      alerts.find((alert) => alert.id === id)?.state,
      'acknowledged',
      'acknowledged stays acknowledged',
    )

  const open = await until('every open alert has a next step', 30_000, async () => {
    const still = await everyItem<Alert>(tocsin, '/api/v1/alerts?state=open')
    assert.ok(still.length > promised.failed.size / 4, 'most alerts are still open')
    return still.every((alert) => alert.next !== null) ? still : null
  })
  const pages = await until('every page is handed over or cancelled', 120_000, async () => {
    const all = await everyItem<Page>(tocsin, '/api/v1/pages')
    return all.every((page) => page.state === 'sent' || page.state === 'cancelled') ? all : null
  })
  for (const alert of open)
    assert.ok(
      pages.some((page) => page.alertId === alert.id && page.state === 'sent'),
      `the open alert ${alert.id} was paged`,
    )
  const keys = receiver.received.map(({ key }) => key)
  for (const page of pages.filter(({ state, channel }) => state === 'sent' && channel === 'webhook'))
    assert.ok(keys.includes(page.key), `the page ${page.key} is marked sent and has arrived`)
  assert.equal(new Set(pages.map((page) => page.key)).size, pages.length, 'one key for each page')
  const known = new Set(pages.map((page) => page.key))
  const strangers = receiver.received.filter(({ key, body }) => !known.has(key) && !body.includes('/verify/'))
  assert.deepEqual(strangers, [], 'every message carries the key of a page: duplicates are visible as one')
}

/** Plays it on SQLite, or on the database given. */
export async function killUnderLoad(name: string, databaseUrl?: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-crash-'))
  const receiver = await startReceiver()
  const port = await freePort()
  const options = {
    config: configuration(port, receiver.url),
    folder,
    port,
    ...(databaseUrl ? { databaseUrl } : {}),
  }
  const promised: Promised = { notes: [], failed: new Set(), acknowledged: new Set(), seen: new Set() }
  let tocsin: RunningTocsin | null = null
  try {
    tocsin = await startTocsin(options)
    const target = await prepare(tocsin, receiver)
    for (let round = 1; round <= ROUNDS; round++) {
      const work = load(target, promised, `r${round}`)
      await sleep(20 + Math.random() * 600)
      await tocsin.kill()
      await work.stop()
      tocsin = await startTocsin(options)
    }
    await judge(tocsin, target, promised, receiver)
    const args = ['audit', 'verify', '--data', join(folder, 'data')]
    const audit = await promisify(execFile)(BIN, args, {
      env: { ...process.env, DATABASE_URL: databaseUrl ?? '' },
    })
    assert.match(audit.stdout, /\d+ facts/)
    const duplicates = receiver.received.length - new Set(receiver.received.map(({ key }) => key)).size
    process.stdout.write(
      `# ${name}: ${ROUNDS} kills, ${promised.notes.length} notes, ${promised.failed.size} failures, ` +
        `${promised.acknowledged.size} acknowledgements kept; ${receiver.received.length} messages, ${duplicates} duplicates; ` +
        `${audit.stdout.trim()}\n`,
    )
    assert.ok(promised.notes.length > ROUNDS, 'there was load')
    assert.ok(promised.failed.size > ROUNDS / 2 && promised.acknowledged.size > 0, 'of every sort')
  } finally {
    await tocsin?.stop()
    await receiver.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
