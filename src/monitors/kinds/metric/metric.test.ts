import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { after, describe, test } from 'node:test'
import { travelClock } from '../../../kit/clock.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../kit/duration.ts'
import { checkOnce } from '../../check-once.ts'
import type { Observation } from '../../observation.ts'
import type { MetricDetails } from './check-metric.ts'
import { metric } from './index.ts'

const START = Date.UTC(2026, 0, 5, 9)
const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A monitor over time: each look has the memory of the one before, as the scheduler gives it. */
async function follow(settings: Record<string, unknown>, body: (at: number) => string, start = START) {
  const clock = travelClock(start)
  const seen: Observation[] = []
  const url = await serve((_, response) => void response.end(body(clock.now() - start)))
  const spec = metric.schema.parse({ url, ...settings })
  let memory: unknown = null
  return {
    seen,
    async look(ms: number): Promise<Observation> {
      clock.moveTo(clock.now() + ms)
      const observation = await checkOnce(metric, spec, { clock, deadlineMs: 5_000, memory })
      assert.ok(metric.reasons.includes(observation.reason), observation.reason)
      assert.ok(!observation.summary.includes('\n') && observation.summary.length > 0)
      if (observation.memory !== undefined) {
        const text = JSON.stringify(observation.memory)
        assert.ok(text.length < 64 * 1024, `${text.length}`)
        memory = JSON.parse(text)
      }
      assert.ok(JSON.stringify(observation.details ?? null).length < 6_000)
      seen.push(observation)
      return observation
    },
    async until(ms: number, step: number, stop: (one: Observation) => boolean) {
      for (let gone = 0; gone < ms; gone += step) {
        const one = await this.look(step)
        if (stop(one)) return one
      }
      return null
    },
  }
}

const scrape = { from: 'scrape', metric: 'process_resident_memory_bytes', unit: 'bytes' }
const memoryOf = (bytes: number) =>
  `# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes ${bytes}\n`

describe('a leak', () => {
  const forecast = { limit: 4e9, within: '24h', window: '12h' }
  test('is told a day ahead, with its interval, and its plot', async () => {
    // 1 GB, and 50 MB more in an hour: the limit is reached after sixty hours.
    const leak = await follow({ ...scrape, forecast }, (at) =>
      memoryOf(1e9 + (at / HOUR) * 5e7 + ((at / MINUTE) % 7) * 1e6),
    )
    const first = await leak.until(60 * HOUR, 5 * MINUTE, ({ verdict }) => verdict !== 'up')
    assert.equal(first?.reason, 'metric.limit-forecast')
    assert.match(
      first.summary,
      /^the limit of 4 GB is reached in (1d|23h 5\dm) \(.* to .*\): now 2\.\d+ GB, growing by (49|5\d)\.?\d* MB in an hour$/,
    )
    const hours = (START + 60 * HOUR - (START + leak.seen.length * 5 * MINUTE)) / HOUR
    assert.ok(hours > 22 && hours < 26, `${hours} h before`)
    const { points, forecast: drawn } = first.details as MetricDetails
    assert.ok(points.length > 50 && points.length <= 100)
    assert.ok(drawn!.earliest! <= drawn!.at! && drawn!.at! <= drawn!.latest!)
    assert.ok(Math.abs(drawn!.perHour! - 5e7) < 2e6)
  })

  test('that restarts hide is told as one', async () => {
    // Put back every three hours; it would reach its limit in ten.
    const leak = await follow({ ...scrape, forecast: { ...forecast, within: '12h' } }, (at) =>
      memoryOf(1e9 + ((at % (3 * HOUR)) / HOUR) * 3e8 + ((at / MINUTE) % 5) * 1e6),
    )
    const first = await leak.until(
      24 * HOUR,
      5 * MINUTE,
      ({ reason }) => reason === 'metric.restarts-hide-growth',
    )
    assert.ok(first)
    assert.match(first.summary, /restarts hide a growth by (29|30)\d MB in an hour: put back \d times in 12h/)
    const early = leak.seen.find(({ reason }) => reason === 'metric.limit-forecast')
    assert.ok(early, 'and between two restarts the limit is in sight')
  })

  test('a service that is steady, noisy and restarted says nothing', async () => {
    let noise = 1
    const steady = await follow({ ...scrape, forecast }, (at) => {
      noise = (noise * 48_271) % 2_147_483_647
      return memoryOf(2e9 + (noise / 2_147_483_647) * 1e8 - (at > 9 * HOUR && at < 9.2 * HOUR ? 1e9 : 0))
    })
    assert.equal(await steady.until(30 * HOUR, 5 * MINUTE, ({ verdict }) => verdict !== 'up'), null)
    assert.match(steady.seen.at(-1)!.summary, /the value is 2\.0\d? GB|the value is 2\.1 GB/)
  })
})

describe('limits', () => {
  test('hold for their time, and the summary has the figure', async () => {
    const queue = await follow(
      { from: 'json', path: '$.queue.depth', above: { limit: 100, for: '10m' } },
      (at) => JSON.stringify({ queue: { depth: at > 30 * MINUTE ? 250 : 10 } }),
    )
    const first = await queue.until(2 * HOUR, MINUTE, ({ verdict }) => verdict !== 'up')
    assert.deepEqual([first?.verdict, first?.reason], ['down', 'metric.above-limit'])
    assert.equal(first!.summary, 'the value is 250, above 100, for 10m')
    assert.equal(queue.seen.length, 41)
  })
  test('of several series the worst is told, by name', async () => {
    const pools = await follow(
      { from: 'json', path: '$[*]', value: 'free', below: { limit: 10 }, unit: 'percent' },
      () =>
        JSON.stringify([
          { pool: 'a', free: 50 },
          { pool: 'b', free: '7.5' },
          { pool: 'c', free: 5 },
        ]),
    )
    const { reason, summary, values } = await pools.look(0)
    assert.equal(reason, 'metric.below-limit')
    assert.equal(summary, 'the value of b is 7.5 %, below 10 % (and 1 more)')
    assert.deepEqual([values.series, values.value], [3, 7.5])
  })
  test('a counter is judged by its rate, through its restarts', async () => {
    const errors = await follow(
      { from: 'scrape', metric: 'errors_total', counter: true, above: { limit: 5 } },
      (at) =>
        `errors_total ${at < 10 * MINUTE ? at / SECOND : at < 20 * MINUTE ? (at - 10 * MINUTE) / SECOND : (at / SECOND) * 8}\n`,
    )
    const first = await errors.until(HOUR, MINUTE, ({ verdict }) => verdict !== 'up')
    assert.equal(first?.reason, 'metric.above-limit')
    assert.equal(errors.seen.length, 20)
    assert.match(errors.seen[5]!.summary, /1 per second/)
  })
})

test('nothing, something old, and a series that is gone', async () => {
  let body = 'queue{n="a"} 1\nqueue{n="b"} 2\n'
  const queue = await follow(
    { from: 'scrape', metric: 'queue', vanished: { after: '5m', forget: '2h' } },
    () => body,
  )
  assert.equal((await queue.look(MINUTE)).reason, 'ok')
  body = 'queue{n="a"} 1\n'
  assert.equal((await queue.look(MINUTE)).reason, 'ok')
  const gone = await queue.look(5 * MINUTE)
  assert.deepEqual([gone.verdict, gone.reason], ['degraded', 'metric.series-vanished'])
  assert.match(gone.summary, /^queue\{n="b"\} is gone: the last value came 6m ago$/)
  assert.equal((await queue.look(2 * HOUR)).reason, 'ok')
  body = `queue 5 ${START - DAY}\n`
  assert.equal((await queue.look(MINUTE)).reason, 'metric.stale')
  body = 'other 1\n'
  const absent = await queue.look(MINUTE)
  assert.deepEqual([absent.verdict, absent.reason], ['down', 'metric.absent'])
})

describe('one part’s share', () => {
  const share = { label: 'tenant', above: 0.9, factor: 3, window: '24h' }
  const ingest = (spike: boolean) => (at: number) =>
    Array.from({ length: 20 }, (_, tenant) => {
      const usual = 100 + tenant * 10 + ((at / MINUTE) % 3)
      return `ingest_bytes{tenant="t${tenant}"} ${spike && tenant === 4 && at > 20 * HOUR ? usual * 30 : usual}\n`
    }).join('')
  test('names the tenant that spikes against its own past', async () => {
    const tenants = await follow(
      { from: 'scrape', metric: 'ingest_bytes', unit: 'bytes', share },
      ingest(true),
    )
    const first = await tenants.until(30 * HOUR, 10 * MINUTE, ({ verdict }) => verdict !== 'up')
    assert.equal(first?.reason, 'metric.share-spike')
    assert.match(first.summary, /^tenant t4 has 5\d % of .* KB, usual is [3-5](\.\d)? %$/)
    assert.equal(first.values.tenant, 't4')
    assert.equal(tenants.seen.length, 121)
    assert.equal((first.details as MetricDetails).shares![0]!.name, 't4')
  })
  test('says nothing of what is as usual', async () => {
    const tenants = await follow({ from: 'scrape', metric: 'ingest_bytes', share }, ingest(false))
    assert.equal(await tenants.until(30 * HOUR, 10 * MINUTE, ({ verdict }) => verdict !== 'up'), null)
  })
  test('and of one that has nearly all', async () => {
    const tenants = await follow(
      { from: 'scrape', metric: 'x', share: { ...share, above: 0.5 } },
      () => 'x{tenant="a"} 9\nx{tenant="b"} 1\n',
    )
    const seen = await tenants.look(0)
    assert.deepEqual(
      [seen.reason, seen.summary],
      ['metric.share-too-large', 'tenant a has 90 % of 10, allowed is 50 %'],
    )
  })
})

describe('a backlog', () => {
  const backlog = { retention: '18h', warn: '6h' }
  test('that nobody works off: when data are lost', async () => {
    const queue = await follow(
      { from: 'scrape', metric: 'oldest_seconds', unit: 'seconds', backlog },
      (at) => `oldest_seconds ${at / SECOND}\n`,
    )
    const reasons = new Map<string, number>()
    for (let minute = 0; minute < 19 * 60; minute += 10) {
      const { reason } = await queue.look(10 * MINUTE)
      if (!reasons.has(reason)) reasons.set(reason, (minute + 10) / 60)
    }
    assert.deepEqual(
      [...reasons],
      [
        ['ok', 1 / 6],
        ['metric.backlog-old', 9],
        ['metric.backlog-near-retention', 12],
        ['metric.backlog-losing-data', 18],
      ],
    )
    const told = queue.seen.find(({ reason }) => reason === 'metric.backlog-near-retention')!
    assert.match(
      told.summary,
      /^data will be lost at 2026-01-06 03:00 UTC, in 6h: the oldest that waits is 12h old, nothing is worked off/,
    )
    assert.equal(told.values.lostIn, 6 * 3_600)
  })
  test('an empty queue whose oldest is told as its time', async () => {
    const queue = await follow(
      { from: 'json', path: '$', backlog: { ...backlog, unit: 'unix-seconds' } },
      (at) => String(at < HOUR ? 0 : START / 1_000),
    )
    assert.equal((await queue.look(MINUTE)).reason, 'ok')
    assert.equal((await queue.look(19 * HOUR)).reason, 'metric.backlog-losing-data')
  })
})

test('a limit that is reached, and growth beyond what is allowed', async () => {
  const settings = {
    from: 'json',
    path: '$',
    forecast: { limit: 100, window: '1h' },
    growth: { per: '10m', atMost: 20 },
  }
  const rows = await follow(settings, (at) =>
    String(50 + (at / MINUTE) * (at > 30 * MINUTE ? 3 : 1) - (at > 30 * MINUTE ? 60 : 0)),
  )
  const fast = await rows.until(2 * HOUR, MINUTE, ({ reason }) => reason === 'metric.grows-too-fast')
  // The forecast speaks first: both are degraded, and what comes soon is told.
  assert.equal(fast, null)
  const reached = rows.seen.find(({ reason }) => reason === 'metric.limit-reached')
  assert.equal(reached?.verdict, 'down')
  assert.match(reached.summary, /has reached its limit of 100/)
  const alone = await follow({ ...settings, forecast: undefined }, (at) =>
    String((at / MINUTE) * (at > 20 * MINUTE ? 3 : 1)),
  )
  const seen = await alone.until(HOUR, MINUTE, ({ reason }) => reason === 'metric.grows-too-fast')
  assert.match(seen!.summary, /^the value grew by \d+ in 10m, allowed is 20$/)
})

test('growth that is unlike its own past', async () => {
  let total = 0
  let minute = 0
  const tokens = await follow(
    { from: 'json', path: '$', growth: { per: '1h', factor: 4, atMost: 1e6 } },
    (at) => {
      for (; minute < at / MINUTE; minute++)
        total += at > 8 * DAY + 5 * HOUR ? 1_000 : (minute / 60) % 24 >= 12 ? 100 : 10
      return String(total)
    },
  )
  const first = await tokens.until(9 * DAY, 30 * MINUTE, ({ verdict }) => verdict !== 'up')
  assert.equal(first?.reason, 'metric.growth-unusual')
  assert.match(
    first.summary,
    /^the value grew by [\d,]+ in 1h, usual at this hour of [3-8] days before is 6\d\d$/,
  )
  const hour = (tokens.seen.length * 30 * MINUTE - 8 * DAY) / HOUR
  assert.ok(hour > 5 && hour <= 6, `${hour}`)
})
