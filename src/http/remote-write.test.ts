import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { saveService } from '../catalog/index.ts'
import { travelClock } from '../kit/clock.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { checkOnce } from '../monitors/check-once.ts'
import { monitorKinds } from '../monitors/kinds/registry.ts'
import { allMonitors } from '../monitors/monitors.rows.ts'
import { pushedSeries } from '../monitors/series/samples.rows.ts'
import type { Series } from '../monitors/series/series.ts'
import { firstRequest, secondRequest, snappyBlock } from '../monitors/series/write-for-tests.ts'
import { type Desk, openDesk, tester } from './desk-for-tests.ts'

const START = Date.UTC(2026, 0, 5, 9)
const FIRST = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
const SECOND = { ...FIRST, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }
const clock = travelClock(START)
let desk: Desk

const memory = (at: number, value: number, more: Record<string, string> = {}): Series => ({
  labels: { __name__: 'process_resident_memory_bytes', job: 'phone', ...more },
  points: [{ at, value }],
})

async function write(role: 'viewer' | 'responder' | null, body: Uint8Array, headers: Record<string, string>) {
  return desk.app.inject({
    method: 'POST',
    url: '/api/v1/write',
    headers: { ...headers, ...(role && { authorization: `Bearer ${await desk.token(role)}` }) },
    payload: Buffer.from(body),
  })
}

before(async () => {
  desk = await openDesk({ clock })
  await saveService(desk.world, tester, { id: 'phone', name: 'Phone' })
  const created = await desk.call('administrator', 'POST', '/api/v1/monitors', {
    id: 'leak',
    settings: {
      service: 'phone',
      type: 'metric',
      from: 'push',
      metric: 'process_resident_memory_bytes{job=~"pho.*"}',
      unit: 'bytes',
      forecast: { limit: 1e9, within: '24h', window: '6h' },
    },
  })
  assert.equal(created.statusCode, 201, created.body)
})
after(() => desk.close())

/** What the monitor says, as the scheduler would ask it. */
async function look() {
  const [monitor] = await allMonitors(desk.world.store.read)
  return checkOnce(monitorKinds.metric, monitor!.spec as never, {
    clock,
    deadlineMs: 5_000,
    monitorId: 'leak',
    read: desk.world.store.read,
  })
}

describe('remote write', () => {
  test('is for responders and above, and never a 5xx where the sender is wrong', async () => {
    const good = firstRequest([memory(START, 5e8)])
    assert.equal((await write(null, good, FIRST)).statusCode, 401)
    assert.equal((await write('viewer', good, FIRST)).statusCode, 403)
    const answers: [Uint8Array, Record<string, string>, number][] = [
      [good, { ...FIRST, 'content-type': 'application/json' }, 415],
      [
        good,
        { ...FIRST, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v9.Request' },
        415,
      ],
      [good, { 'content-type': 'application/x-protobuf' }, 415],
      [good, { ...FIRST, 'content-encoding': 'gzip' }, 415],
      [Buffer.from('not snappy'), FIRST, 400],
      [snappyBlock(Buffer.from([0xff, 0xff])), FIRST, 400],
      [new Uint8Array(0), FIRST, 400],
      [Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x0f]), FIRST, 400],
      [new Uint8Array(9 * 1024 * 1024), FIRST, 413],
    ]
    for (const [body, headers, status] of answers) {
      const answer = await write('responder', body, headers)
      assert.equal(answer.statusCode, status, answer.body)
      assert.match(String(answer.headers['content-type']), /problem\+json/)
    }
  })

  test('1.0 is answered 204, 2.0 with what was written; what nobody wants is not kept', async () => {
    const given = [memory(clock.now(), 4e8), memory(clock.now(), 1, { job: 'other' })]
    const first = await write('responder', firstRequest(given), FIRST)
    assert.deepEqual([first.statusCode, first.body], [204, ''])
    const second = await write('responder', secondRequest(given), SECOND)
    assert.equal(second.statusCode, 204)
    assert.equal(second.headers['x-prometheus-remote-write-samples-written'], '2')
    assert.equal(second.headers['x-prometheus-remote-write-histograms-written'], '0')
    assert.equal(second.headers['x-prometheus-remote-write-exemplars-written'], '0')
    const kept = await pushedSeries(desk.world.store.read, 'leak', 0)
    assert.deepEqual(
      kept.map(({ labels, points }) => [labels.job, points.length]),
      [['phone', 1]],
    )
  })

  test('what is pushed over hours is forecast, and stands still when nothing comes', async () => {
    for (let minute = 0; minute <= 5 * 60; minute++) {
      const value = 4e8 + minute * 5e5
      const answer = await write('responder', secondRequest([memory(clock.now(), value)]), SECOND)
      assert.equal(answer.statusCode, 204)
      clock.moveTo(clock.now() + MINUTE)
    }
    const seen = await look()
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'metric.limit-forecast'], seen.summary)
    assert.match(seen.summary, /^the limit of 1 GB is reached in (14|15)h/)
    const rows = await pushedSeries(desk.world.store.read, 'leak', 0)
    assert.ok(rows[0]!.points.length > 200 && rows[0]!.points.length <= 410)
    clock.moveTo(clock.now() + 10 * MINUTE)
    assert.equal((await look()).reason, 'metric.stale')
    clock.moveTo(clock.now() + 10 * HOUR)
    assert.equal((await look()).reason, 'metric.absent')
    // And the store lets go of it.
    await write('responder', firstRequest([memory(clock.now(), 1)]), FIRST)
    assert.equal((await pushedSeries(desk.world.store.read, 'leak', 0))[0]!.points.length, 1)
  })

  test('times of the future, values that are none, and floods of series do not fill the store', async () => {
    await write(
      'responder',
      firstRequest([memory(clock.now() + HOUR, 1), memory(clock.now(), Number.NaN)]),
      FIRST,
    )
    const flood = Array.from({ length: 2_000 }, (_, index) =>
      memory(clock.now(), index, { pod: `p${index}` }),
    )
    assert.equal((await write('responder', firstRequest(flood), FIRST)).statusCode, 204)
    const kept = await pushedSeries(desk.world.store.read, 'leak', 0)
    assert.equal(kept.length, 200)
    assert.ok(kept.every(({ points }) => points.every(({ at }) => at <= clock.now())))
  })

  test('whatever comes: 204 or 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        fc.boolean(),
        async (bytes, packed, first) => {
          const body = packed ? snappyBlock(bytes) : bytes
          const { statusCode } = await write('responder', body, first ? FIRST : SECOND)
          assert.ok(statusCode === 204 || statusCode === 400, String(statusCode))
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('what moved together is asked over what was pushed', async () => {
  const made = await desk.call('administrator', 'POST', '/api/v1/monitors', {
    id: 'all',
    settings: {
      service: 'phone',
      type: 'metric',
      from: 'push',
      metric: '{job="moving"}',
      growth: { per: '1h', atMost: 1e12 },
    },
  })
  assert.equal(made.statusCode, 201, made.body)
  const from = clock.now()
  const names = ['calls_failed', 'cpu', 'quiet']
  for (let minute = -120; minute <= 20; minute++) {
    const at = from + minute * MINUTE
    clock.moveTo(Math.max(clock.now(), at))
    const high = minute >= 5
    const values = [high ? 50 : 1, high ? 20 : 80, 7]
    const series = names.map((name, index) => ({
      labels: { __name__: name, job: 'moving' },
      points: [{ at, value: values[index]! + (minute % 3) * 0.1 }],
    }))
    await write('responder', firstRequest(series), FIRST)
  }
  const asked = `from=${new Date(from).toISOString()}&to=${new Date(clock.now()).toISOString()}&baselineMs=7200000`
  assert.equal((await desk.call('viewer', 'GET', `/api/v1/metrics/co-movement?${asked}`)).statusCode, 403)
  const answer = await desk.call('responder', 'GET', `/api/v1/metrics/co-movement?${asked}`)
  assert.equal(answer.statusCode, 200, answer.body)
  const { moved } = answer.json() as {
    moved: { name: string; direction: string; onset: string; correlation: number }[]
  }
  const own = moved.filter(({ name }) => name.includes('moving'))
  assert.deepEqual(own.map(({ name, direction }) => [name.split('{')[0], direction]).sort(), [
    ['calls_failed', 'up'],
    ['cpu', 'down'],
  ])
  for (const { onset } of own) assert.ok(Math.abs(Date.parse(onset) - (from + 5 * MINUTE)) <= MINUTE, onset)
  assert.ok(
    own.some(({ correlation }) => correlation === 1) && own.some(({ correlation }) => correlation < -0.3),
  )
  const wrong = await desk.call(
    'responder',
    'GET',
    `/api/v1/metrics/co-movement?from=${new Date(from).toISOString()}&to=${new Date(from).toISOString()}`,
  )
  assert.equal(wrong.statusCode, 400)
})
