/**
 * LogDNA, June 2020: one tenant's spike exhausted the search threads, and what waited was thrown away when it had
 * waited for eighteen hours. Here an hour is a second.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { startIntake } from '../../harness/intake.ts'
import { until } from '../../harness/tocsin.ts'
import { nodeVersion } from '../../harness/versions.ts'

// Two monitors read it, each once in a second.
const QUIET = 2 * 12

test('the tenant that spikes is named, and when data are lost is told before they are', async (t) => {
  const intake = await startIntake(18_000)
  const scraped = {
    service: 'intake',
    type: 'metric',
    from: 'scrape',
    url: `${intake.url}/metrics`,
    every: '1s',
    retryEvery: '1s',
  }
  const watching = await watch({
    tenants: {
      ...scraped,
      metric: 'ingest_bytes_total',
      counter: true,
      unit: 'bytes',
      share: { label: 'tenant', factor: 3, window: '24s' },
    },
    backlog: {
      ...scraped,
      metric: 'queue_oldest_seconds',
      unit: 'seconds',
      backlog: { retention: '18s', warn: '10s' },
    },
  })
  let running = true
  let spiking = ''
  const sending = (async () => {
    while (running) {
      for (let tenant = 0; tenant < 8; tenant++)
        await intake.send(`t${tenant}`, 200 + tenant * 20 + (`t${tenant}` === spiking ? 30_000 : 0))
      await sleep(100)
    }
  })()
  try {
    await watching.verdict('tenants', 'up')
    // What is usual is known after some quiet checks, which take longer where the machine is busy.
    await until('what is usual is known', 60_000, async () => (await intake.scrapes()) >= QUIET)
    assert.deepEqual(
      (await watching.changes()).filter((one) => one.to !== 'up'),
      [],
    )
    const began = Date.now()
    spiking = 't5'
    const spike = await watching.verdict('tenants', 'degraded')
    assert.equal(spike.reason, 'metric.share-spike')
    assert.match(spike.summary, /^tenant t5 has 9\d % of .* per second|^tenant t5 has [5-9]\d % of /)
    const stalled = Date.now()
    await intake.stall()
    const warned = await until('the loss is told', 30_000, async () =>
      (await watching.changes()).find((one) => one.reason === 'metric.backlog-near-retention'),
    )
    assert.match(
      warned.summary,
      /^data will be lost at .*, in \d+s: the oldest that waits is .* old, nothing is worked off/,
    )
    assert.equal(await intake.lost(), 0)
    await until('data are lost', 30_000, async () => (await intake.lost()) > 0)
    const damage = Date.now()
    const losing = await until('that they are lost is told', 10_000, async () =>
      (await watching.changes()).find((one) => one.reason === 'metric.backlog-losing-data'),
    ).catch(() => null)
    const ahead = (damage - warned.at) / 1_000
    assert.ok(ahead > 4, `${ahead} s`)
    const told = { incident: 'logdna-tenant', software: `an intake on ${nodeVersion}` } as const
    tellIncident(t, {
      ...told,
      failure: 'one tenant of eight sends a hundred times its share',
      verdict: spike.to,
      reason: spike.reason,
      seconds: (spike.at - began) / 1_000,
      note: 'the tenant is named',
    })
    tellIncident(t, {
      ...told,
      failure: 'nothing is worked off, and what waits is thrown away after 18 s',
      verdict: warned.to,
      reason: warned.reason,
      seconds: (warned.at - stalled) / 1_000,
      note: `${ahead.toFixed(0)} s before the first loss${losing ? '; the loss itself is told too' : ''}`,
    })
  } finally {
    running = false
    await sending
    await watching.stop()
    await intake.stop()
  }
})
