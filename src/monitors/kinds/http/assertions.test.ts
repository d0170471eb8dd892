import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { compilePath, valuesAt, whyNot } from '../json-assertions.ts'
import { matchesPattern } from '../patterns.ts'
import { http } from './index.ts'
import { judgeLatency, percentileOf } from './judge-latency.rules.ts'

const STATE = {
  status: 'UP',
  version: '8.14.2',
  lag: '12.5',
  draining: false,
  nodes: [
    { name: 'a', role: 'primary', shards: 12 },
    { name: 'b', role: 'replica', shards: 12 },
    { name: 'c', role: 'replica', shards: 11 },
  ],
}
let served = JSON.stringify(STATE)
let heard: Record<string, unknown> = {}
const server = createServer((request, response) => {
  heard = request.headers
  if (request.url === '/away') response.writeHead(302, { Location: `http://localhost:${port()}/` })
  response.end(served)
})
const port = () => (server.address() as AddressInfo).port
before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
after(() => server.close())

function observe(options: Record<string, unknown> = {}, memory: unknown = null, path = '/') {
  const url = `http://127.0.0.1:${port()}${path}`
  const spec = http.schema.parse({ timeout: '5s', ...options, url })
  return checkOnce(http, spec, { clock: systemClock, deadlineMs: spec.timeout, memory })
}

describe('values at JSONPaths', () => {
  const right: Record<string, unknown>[] = [
    { path: '$.status', equals: 'UP' },
    { path: '$.status' },
    { path: '$.gone', exists: false },
    { path: '$.lag', max: 20 },
    { path: '$.draining', equals: false },
    { path: '$.version', matches: '^8\\.' },
    { path: '$.version', not: '8.0.0' },
    { path: '$.nodes[*].shards', min: 11, max: 12 },
    { path: "$.nodes[?@.role=='replica']", count: 2 },
    { path: '$.nodes[*]', minCount: 3, maxCount: 5 },
    { path: '$..shards', count: 3 },
    { path: "$.nodes[?search(@.name, '[ab]')]", count: 2 },
    { path: "$.nodes[?@.role=='witness']", count: 0 },
    { path: "$.nodes[?@.role=='witness'].shards", maxCount: 2, equals: 3 },
  ]
  for (const assertion of right)
    test(`${JSON.stringify(assertion)} holds`, async () => {
      const seen = await observe({ expect: { json: [assertion] } })
      assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
    })

  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ path: '$.status', equals: 'DOWN' }, /^\$\.status is "UP", expected is "DOWN"$/],
    [{ path: '$.gone' }, /^\$\.gone is not there$/],
    [{ path: '$.status', exists: false }, /must not be there, and is "UP"/],
    [{ path: '$.lag', max: 10 }, /is "12\.5", expected is at most 10/],
    [{ path: '$.status', min: 1 }, /which is no number/],
    [{ path: '$.version', matches: '^9' }, /expected is \/\^9\//],
    [{ path: '$.version', not: '8.14.2' }, /which it must not be/],
    [{ path: '$.nodes[*].shards', min: 12 }, /^\$\.nodes\[\*\]\.shards is 11, expected is at least 12$/],
    [{ path: "$.nodes[?@.role=='replica']", minCount: 3 }, /has 2 values, expected are at least 3/],
    [{ path: '$.nodes[*]', maxCount: 2 }, /has 3 values, expected are at most 2/],
    [{ path: "$.nodes[?@.role=='primary']", count: 2 }, /has 1 value, expected are 2/],
    [{ path: '$.draining', equals: 'false' }, /is false, expected is "false"/],
  ]
  for (const [assertion, why] of wrong)
    test(`${JSON.stringify(assertion)} does not`, async () => {
      const seen = await observe({ expect: { json: [assertion] } })
      assert.deepEqual([seen.verdict, seen.reason], ['down', 'json.unexpected'])
      assert.match(seen.summary, why)
    })

  test('a value with a name stands among the figures, whether or not it is right', async () => {
    const json = [
      { path: '$.nodes[0].shards', name: 'shards', min: 99 },
      { path: '$.lag', name: 'lag' },
    ]
    const seen = await observe({ expect: { json } })
    assert.deepEqual([seen.values.shards, seen.values.lag], [12, '12.5'])
  })

  test('no JSON, too much of it, and too deep', async () => {
    const expect = { json: [{ path: '$..a' }] }
    for (const [body, options, why] of [
      ['<html>', {}, /is not JSON/],
      [served, { maxBody: 10 }, /the first 10 bytes of the body is not JSON: it is longer than what is read/],
      [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, {}, /cannot be followed/],
    ] as const) {
      served = body
      const seen = await observe({ ...options, expect })
      assert.deepEqual([seen.verdict, seen.reason], ['down', 'json.malformed'], seen.summary)
      assert.match(seen.summary, why)
    }
    served = JSON.stringify(STATE)
  })

  test('whatever the document, an answer comes and no exception', () => {
    const paths = ['$', '$..*', '$.a[?@.b>1]', '$[0:9:2]', '$[?length(@.a)>1].a', '$..a[-1]']
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...paths), (document, path) => {
        const found = valuesAt(path, document)
        const assertion = { path, exists: true, min: 0, matches: 'a+' }
        const told = whyNot(assertion, found)
        assert.ok(told === null || told.length < 300, told ?? '')
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('patterns', () => {
  test('of the body', async () => {
    for (const [expect, reason] of [
      [{ matches: '"version":"8\\.\\d+' }, 'ok'],
      [{ matches: ['UP', '"version":"9'] }, 'body.unexpected'],
      [{ notMatches: '(?i)error|exception' }, 'ok'],
      [{ notMatches: '(?i)"up"' }, 'body.unexpected'],
    ] as const)
      assert.equal((await observe({ expect })).reason, reason)
  })

  test('none takes long, however it is written', () => {
    assert.equal(matchesPattern('^(a+)+$', `${'a'.repeat(50_000)}!`), false)
    assert.deepEqual(valuesAt("$[?search(@, '^(a|a)*b$')]", [`${'a'.repeat(20_000)}!`]), [])
  })

  test('large patterns are refused, or find their time bounded by how much they search', () => {
    const url = 'http://x.example/'
    const result = http.schema.safeParse({ url, expect: { matches: '(abcd){900}' } })
    assert.match(result.error!.issues[0]!.message, /repeats too much/)
    const text = `${'lorem ipsum 5 '.repeat(10_000)}77`
    assert.equal(matchesPattern('(a|b|.){500}\\d\\d', text), false)
    assert.equal(matchesPattern('\\d\\d', text), true)
  })

  test('what cannot be compiled is refused in the configuration, with the place and the reason', () => {
    const url = 'http://x.example/'
    for (const [expect, why] of [
      [{ matches: '(' }, /no regular expression of RE2/],
      [{ matches: '(?=a)b' }, /no regular expression of RE2/],
      [{ json: [{ path: 'status' }] }, /no JSONPath of RFC 9535/],
      [{ json: [{ path: '$.a[?' }] }, /no JSONPath of RFC 9535/],
      [{ json: [{ path: '$.a', exists: false, equals: 1 }] }, /cannot be compared/],
      [{ latency: { over: 20 } }, /a limit is expected/],
    ] as const) {
      const result = http.schema.safeParse({ url, expect })
      assert.equal(result.success, false)
      assert.match(result.error!.issues.map((issue) => issue.message).join(), why)
    }
    assert.throws(() => compilePath('$['))
  })
})

describe('credentials', () => {
  test('of both ways are sent, and not to another host', async () => {
    await observe({ auth: { user: 'ana', password: 'pä:ss' } })
    assert.equal(heard.authorization, `Basic ${Buffer.from('ana:pä:ss').toString('base64')}`)
    const headers = { authorization: 'other', 'X-A': 'kept' }
    await observe({ auth: { token: 'abc.def' }, headers })
    assert.deepEqual([heard.authorization, heard['x-a']], ['Bearer abc.def', 'kept'])
    await observe({ auth: { token: 'abc.def' }, family: 'ipv4' }, null, '/away')
    assert.deepEqual([heard.authorization, heard.host], [undefined, `localhost:${port()}`])
    for (const auth of [{}, { user: 'a' }, { user: 'a', password: 'b', token: 'c' }, { token: 'a b' }])
      assert.equal(http.schema.safeParse({ url: 'http://x/', auth }).success, false)
  })
})

describe('percentiles of the latency', () => {
  const limits = { p50: 100, p95: 500, over: 20 } as Parameters<typeof judgeLatency>[2]

  test('nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1)
    assert.deepEqual(
      [50, 90, 95, 99, 100].map((share) => percentileOf(values, share)),
      [10, 18, 19, 20, 20],
    )
    assert.equal(percentileOf([7], 50), 7)
  })

  test('one slow answer in twenty is forgiven by p95, two are not; an unfilled window judges nothing', () => {
    let memory: unknown = null
    const answers = [...Array(18).fill(50), 900]
    for (const took of answers) {
      const { memory: kept, exceeded } = judgeLatency(memory, took, limits)
      assert.equal(exceeded, null)
      memory = kept
    }
    const one = judgeLatency(memory, 50, limits)
    assert.deepEqual([one.exceeded, one.values.p95, one.values.latencies], [null, 50, 20])
    const two = judgeLatency(one.memory, 900, limits)
    assert.equal(two.exceeded?.summary, 'the p95 of the last 20 answers is 900ms, allowed is 500ms')
    assert.equal(two.memory.latencies.length, 20)
  })

  test('a memory that is none begins a new window', () => {
    for (const memory of [null, 7, 'x', { latencies: 'x' }, { latencies: [null, 'a', Infinity] }])
      assert.deepEqual(judgeLatency(memory, 5, limits).memory, { latencies: [5] })
  })

  test('over real checks, from one to the next; a failure keeps the window', async () => {
    const slow = { expect: { latency: { p95: '1ms', over: 3 } } }
    let memory: unknown = { latencies: [40, 50] }
    const seen = await observe(slow, memory)
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'latency.percentile-exceeded'], seen.summary)
    memory = seen.memory
    const failed = await observe({ expect: { ...slow.expect, status: 404 } }, memory)
    assert.equal(failed.reason, 'http.status-unexpected')
    assert.equal((failed.memory as { latencies: number[] }).latencies.length, 3)
    assert.equal((await observe({}, memory)).memory, undefined)
  })
})

test('the parts of the time stand among the figures', async () => {
  const { values, tookMs } = await observe()
  for (const name of ['dnsMs', 'connectMs', 'firstByteMs']) assert.ok(Number(values[name]) <= tookMs, name)
  assert.equal('tlsMs' in values, false)
})
