/** What sources may answer in place of values, and what may be asked of them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { travelClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { metric } from './index.ts'
import { readAnswer } from './read-prometheus.ts'
import { shownValue } from './words.ts'

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

describe('what a source may answer', () => {
  const once1 = async (settings: Record<string, unknown>, listener: RequestListener) => {
    const url = await serve(listener)
    const spec = metric.schema.parse({ url, timeout: '2s', ...settings })
    return checkOnce(metric, spec, { clock: travelClock(START), deadlineMs: 5_000 })
  }
  const says =
    (text: string, status = 200): RequestListener =>
    (_, response) =>
      void response.writeHead(status).end(text)
  const prometheus = { from: 'prometheus', query: 'up' }
  const json = { from: 'json', path: '$.a' }
  const cases: [string, Record<string, unknown>, RequestListener, string, string][] = [
    [
      'HTML in place of an exposition',
      { from: 'scrape', metric: 'a' },
      says('<html>'),
      'down',
      'metric.unreadable',
    ],
    ['an error', { from: 'scrape', metric: 'a' }, says('', 500), 'down', 'http.status-unexpected'],
    ['text in place of JSON', json, says('hello'), 'down', 'metric.unreadable'],
    ['a text where a number is wanted', json, says('{"a":"high"}'), 'down', 'metric.unreadable'],
    ['nothing at the path', json, says('{"b":1}'), 'down', 'metric.absent'],
    [
      'a query that Prometheus refuses',
      prometheus,
      says('{"status":"error","errorType":"bad_data","error":"no"}', 400),
      'unknown',
      'metric.query-failed',
    ],
    ['something else than Prometheus', prometheus, says('{"ok":true}'), 'unknown', 'metric.unreadable'],
    [
      'a text as the result',
      prometheus,
      says('{"status":"success","data":{"resultType":"string","result":[1,"x"]}}'),
      'unknown',
      'metric.unreadable',
    ],
    [
      'nothing found',
      prometheus,
      says('{"status":"success","data":{"resultType":"vector","result":[]}}'),
      'down',
      'metric.absent',
    ],
    [
      'more than is read',
      json,
      (_, response) => void response.end('x'.repeat(17 * 1024 * 1024)),
      'down',
      'metric.too-large',
    ],
    ['no answer at all', json, (request) => void request.socket.destroy(), 'down', 'connection-lost'],
  ]
  for (const [what, settings, listener, verdict, reason] of cases)
    test(`${what}: ${reason}`, async () => {
      const seen = await once1(settings, listener)
      assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
    })
  test('nothing found may be what is wanted', async () => {
    const seen = await once1(
      { ...prometheus, absent: 'up' },
      says('{"status":"success","data":{"resultType":"vector","result":[]}}'),
    )
    assert.equal(seen.verdict, 'up')
  })
  test('a tarpit and a closed port', async () => {
    const tarpit = createTcpServer((socket) => void socket.resume().on('error', () => {}))
    servers.push(tarpit)
    tarpit.listen(0, '127.0.0.1')
    await once(tarpit, 'listening')
    const url = `http://127.0.0.1:${(tarpit.address() as AddressInfo).port}`
    const spec = metric.schema.parse({ ...json, url, timeout: '100ms' })
    const { systemClock } = await import('../../../kit/clock.ts')
    assert.equal((await checkOnce(metric, spec, { clock: systemClock, deadlineMs: 100 })).reason, 'no-answer')
  })
  test('metadata addresses are not asked', async () => {
    const seen = await once1({ ...json, url: 'http://169.254.169.254/' }, says(''))
    assert.equal(seen.reason, 'egress.refused')
    const sql = await once1(
      { from: 'sql', query: 'select 1', database: 'postgres://a@169.254.169.254/x' },
      says(''),
    )
    assert.equal(sql.reason, 'egress.refused')
  })
  test('what is pushed is not known to a check from outside', async () => {
    const seen = await once1({ from: 'push', metric: 'up' }, says(''))
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'metric.unread'])
  })
})

describe('the parameters', () => {
  const problems = (input: unknown) =>
    metric.schema.safeParse(input).error?.issues.map(({ path }) => path.join('.')) ?? []
  test('each source needs its own, and nonsense is refused', () => {
    assert.deepEqual(problems({ from: 'prometheus' }), ['url', 'query'])
    assert.deepEqual(problems({ from: 'push', metric: 'a{' }), ['metric'])
    assert.deepEqual(problems({ from: 'json', url: 'http://a/', path: '$[' }), ['path'])
    assert.deepEqual(problems({ from: 'sql', database: 'postgres://a:secret@b/c', query: 'x' }), ['database'])
    assert.deepEqual(problems({ from: 'json', url: 'http://a:b@c/', path: '$' }), ['url'])
    assert.deepEqual(problems({ from: 'json', url: 'http://a/', path: '$', growth: {} }), ['growth.atMost'])
    assert.deepEqual(problems({ from: 'json', url: 'http://a/', path: '$', limit: 3 }), [''])
  })
})

test('values are written for people', () => {
  assert.equal(shownValue(3_210_000_000, 'bytes'), '3.21 GB')
  assert.equal(shownValue(4_800, 'seconds'), '1h 20m')
  assert.equal(shownValue(12_345.6, 'none'), '12,346')
  assert.equal(shownValue(0.1234, 'percent'), '0.123 %')
  assert.equal(shownValue(-5, 'bytes'), '-5 B')
})

test('whatever stands in an answer of Prometheus: series or a sentence', () => {
  const odd = fc.jsonValue({ maxDepth: 2 })
  fc.assert(
    fc.property(
      odd,
      odd,
      fc.constantFrom('vector', 'matrix', 'scalar', 'string', 'x'),
      (a, b, resultType) => {
        const shapes = [a, { status: a, data: b }, { status: 'success', data: { resultType, result: a } }]
        const inner = [[{ metric: a, value: b }], [{ metric: {}, values: [[1, a], b] }], [1, b]]
        for (const result of inner) shapes.push({ status: 'success', data: { resultType, result } } as never)
        for (const shape of shapes) {
          const read = readAnswer(JSON.stringify(shape), START)
          assert.ok('failed' in read ? read.summary.length > 0 : Array.isArray(read.series))
        }
      },
    ),
    { numRuns: 2_000 },
  )
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => 'failed' in readAnswer(text, START)))
})
