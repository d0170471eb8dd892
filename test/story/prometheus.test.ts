/** Beside a real Prometheus: what it scrapes we read alike, what it sends on we keep, and what it keeps we ask for. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { parseExposition } from '../../src/monitors/series/exposition.ts'
import { secondRequest } from '../../src/monitors/series/write-for-tests.ts'
import { watch } from '../harness/incident.ts'
import { startLeakingService } from '../harness/leaking-service.ts'
import { needs } from '../harness/needs.ts'
import { startPrometheus } from '../harness/prometheus.ts'
import { ADMIN_TOKEN, startTocsin, until } from '../harness/tocsin.ts'

// All that the text format allows and this Prometheus reads; names in quotes are younger than it.
const ODD = `# HELP odd_things_total Things,\\nodd ones.
# TYPE odd_things_total counter
odd_things_total{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot \\"find\\"\\nit"} 1.458255915e9
odd_things_total { path = "b" , } .5
odd_things_total{path="inf"} +Inf
odd_things_total{path="minus"} -Inf
odd_things_total{path="unicode é 中"} 1e-300
# a comment
odd_plain 12.47
# TYPE odd_seconds histogram
odd_seconds_bucket{le="0.05"} 24054
odd_seconds_bucket{le="+Inf"} 144320
odd_seconds_sum 53423
odd_seconds_count 144320
odd_negative -0.5e+2
`

test('an exposition means to us what it means to Prometheus', needs('prometheus'), async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(ODD)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const prometheus = await startPrometheus({
    targets: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
  })
  try {
    const ours = parseExposition(ODD)
    assert.equal(ours.problem, null)
    const theirs = await until('Prometheus has scraped', 20_000, async () => {
      const found = await prometheus.query('{__name__=~"odd_.*"}')
      return found.length > 0 && found
    })
    const text = (labels: Record<string, string>, value: number) => {
      const { job: _, instance: __, ...rest } = labels
      return `${JSON.stringify(Object.entries(rest).sort())} ${value}`
    }
    const number = (value: string) => Number(value.replace('Inf', 'Infinity'))
    assert.deepEqual(
      ours.samples.map(({ labels, value }) => text({ ...labels }, value)).sort(),
      theirs.map(({ metric, value }) => text(metric, number(value[1]))).sort(),
    )
    assert.equal(ours.samples.length, 11)
  } finally {
    await prometheus.stop()
    server.close()
  }
})

const CONFIG = (prometheus: string) => `
services: { phone: { name: Phone } }
monitors:
  pushed:
    service: phone
    type: metric
    from: push
    metric: 'process_resident_memory_bytes{job="service"}'
    unit: bytes
    every: 1s
    stale: 4s
    confirm: 1
    forecast: { limit: 10000000000, within: 10h, window: 60s }
  second:
    service: phone
    type: metric
    from: push
    metric: by_the_second_version
    every: 1s
    confirm: 1
  asked:
    service: phone
    type: metric
    from: prometheus
    url: ${prometheus}
    query: rate(calls_total[5s])
    every: 1s
    confirm: 1
    above: { limit: 2 }
`

interface Detail {
  state: string
  reason: string
  summary: string
  last: { values: Record<string, number> } | null
}

test('Prometheus sends on by remote write, and what ends is missed', needs('prometheus'), async (t) => {
  const service = await startLeakingService(2_000_000)
  // Its own address is known before it runs: Prometheus is told where to send, and Tocsin where to ask.
  const tocsin = await startTocsin({ config: CONFIG('http://127.0.0.1:1') })
  const prometheus = await startPrometheus({
    targets: [`127.0.0.1:${service.port}`],
    remoteWrite: { url: `${tocsin.url}/api/v1/write`, token: ADMIN_TOKEN },
  })
  tocsin.reload(CONFIG(prometheus.url))
  const read = (id: string) => tocsin.api<Detail>('GET', `/api/v1/monitors/${id}`)
  try {
    const seen = await until('pushed values are judged', 40_000, async () => {
      const detail = await read('pushed')
      return detail.reason === 'metric.limit-forecast' && detail
    })
    assert.match(seen.summary, /the limit of 10 GB is reached in /)
    // What the monitor last saw is what Prometheus has, give or take what was scraped in between.
    const [there] = await prometheus.query('process_resident_memory_bytes')
    const [ours, theirs] = [(await read('pushed')).last!.values.value!, Number(there!.value[1])]
    assert.ok(Math.abs(ours - theirs) < 10_000_000, `${ours} and ${theirs}`)

    const rate = await until('Prometheus is asked', 20_000, async () => {
      const detail = await read('asked')
      return detail.reason === 'metric.above-limit' && detail
    })
    assert.match(rate.summary, /^the value is \d+(\.\d+)?, above 2/)

    // This Prometheus does not speak the second version: the request is written as its specification says.
    const second = await fetch(`${tocsin.url}/api/v1/write`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '2.0.0',
      },
      body: Buffer.from(
        secondRequest([
          { labels: { __name__: 'by_the_second_version' }, points: [{ at: Date.now(), value: 42 }] },
        ]),
      ),
    })
    assert.deepEqual(
      [second.status, second.headers.get('x-prometheus-remote-write-samples-written')],
      [204, '1'],
    )
    await until('the second version is judged', 10_000, async () => (await read('second')).state === 'up')

    const ended = Date.now()
    await service.stop()
    const missed = await until('what ended is missed', 30_000, async () => {
      const detail = await read('pushed')
      return /^metric\.(stale|absent)$/.test(detail.reason) && detail
    })
    t.diagnostic(
      `fault="the service is gone" verdict=${missed.state} reason=${missed.reason} ` +
        `fault-to-verdict=${((Date.now() - ended) / 1_000).toFixed(1)}s stale=4s every=1s confirm=1`,
    )
  } finally {
    await prometheus.stop()
    await tocsin.stop()
    await service.stop()
  }
})

test(
  'a Prometheus that is frozen is no all-clear: what it measured is unknown',
  needs('prometheus'),
  async (t) => {
    const service = await startLeakingService(1_000_000)
    const prometheus = await startPrometheus({ targets: [`127.0.0.1:${service.port}`] })
    await until(
      'Prometheus has scraped',
      20_000,
      async () => (await prometheus.query('calls_total')).length > 0,
    )
    const asked = {
      service: 'phone',
      type: 'metric',
      from: 'prometheus',
      url: prometheus.url,
      every: '1s',
      retryEvery: '1s',
    }
    const watching = await watch({
      calls: { ...asked, query: 'calls_total', timeout: '700ms', above: { limit: 0 } },
    })
    try {
      await watching.verdict('calls', 'down')
      const frozen = Date.now()
      prometheus.signal('SIGSTOP')
      const seen = await watching.verdict('calls', 'unknown')
      assert.equal(seen.reason, 'no-answer')
      t.diagnostic(
        `fault="Prometheus frozen (SIGSTOP)" verdict=unknown reason=${seen.reason} ` +
          `fault-to-verdict=${((seen.at - frozen) / 1_000).toFixed(1)}s every=1s confirm=2`,
      )
      prometheus.signal('SIGCONT')
      await watching.verdict('calls', 'down', seen.at)
      assert.ok(!(await watching.changes()).some((one) => one.to === 'up'))
    } finally {
      prometheus.signal('SIGCONT')
      await watching.stop()
      await prometheus.stop()
      await service.stop()
    }
  },
)
