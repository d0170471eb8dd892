import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { type HttpSpec, kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'
import { documentFor } from './document-for.ts'

const kind = kindNamed('http')
const specWith = (expect: object) =>
  parseSpec(kind, { url: 'http://api.example.org/', timeout: '1s', expect }) as HttpSpec
const documentWith = (json: object[], texts: string[] = []) =>
  documentFor(specWith({ json }).expect.json, texts)

test('a value at each plain path', () => {
  const document = documentWith([
    { path: '$.status', equals: 'UP' },
    { path: "$['data'].lag", max: 10 },
    { path: '$.nodes[*].role', count: 3, not: true },
    { path: '$.nodes[1].shards', min: 2 },
    { path: '$.gone', exists: false },
    { path: '$..deep' },
  ])
  assert.deepEqual(document, {
    status: 'UP',
    data: { lag: 10 },
    nodes: [{ role: false }, { role: false, shards: 2 }, { role: false }],
  })
  assert.deepEqual(documentWith([{ path: '$[0].a' }], ['x']), [{ a: true }])
  assert.deepEqual(documentWith([{ path: "$['__proto__'].a" }], ['x']), { texts: ['x'] })
})

test('the control satisfies assertions, and other JSON is caught; a sample helps where paths are not plain', async () => {
  const wrong = FAULTS.find((fault) => fault.name === 'http-wrong-json')!
  const plain = { json: [{ path: '$.nodes[*].state', equals: 'green', minCount: 2 }], contains: 'green' }
  const bench = (await openBench({ kind, spec: specWith(plain), clock: systemClock }))!
  assert.equal((await bench.play(CONTROL)).reason, 'ok')
  assert.equal((await bench.play(wrong)).verdict, 'down')
  const only = { json: [{ path: "$.nodes[?@.role=='replica']", count: 2 }] }
  assert.equal((await bench.play(CONTROL)).verdict, 'up')
  const sample = JSON.stringify({ nodes: [{ role: 'replica' }, { role: 'replica' }] })
  for (const [given, verdict] of [
    [undefined, 'down'],
    [sample, 'up'],
  ] as const) {
    const other = (await openBench({
      kind,
      spec: specWith(only),
      clock: systemClock,
      ...(given && { sample: given }),
    }))!
    assert.equal((await other.play(CONTROL)).verdict, verdict)
    assert.equal((await other.play(wrong)).reason, 'json.unexpected')
  }
})

test('limits over many answers are judged on one', async () => {
  const slow = FAULTS.find((fault) => fault.name === 'slow')!
  const bench = (await openBench({
    kind,
    spec: specWith({ latency: { p95: '300ms' } }),
    clock: systemClock,
  }))!
  assert.ok(bench.changes.includes('It judges the latency of one answer instead of many.'))
  assert.equal((await bench.play(slow)).reason, 'slow')
  assert.equal((await bench.play(CONTROL)).reason, 'ok')
})
