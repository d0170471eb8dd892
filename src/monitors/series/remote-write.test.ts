import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseExposition } from './exposition.ts'
import { readRemoteWrite, writeVersionOf } from './remote-write.ts'
import { selectorOf } from './selector.ts'
import type { Series } from './series.ts'
import { unpackSnappy } from './snappy.ts'
import { firstRequest, secondRequest, snappyBlock } from './write-for-tests.ts'

const START = Date.UTC(2026, 0, 5)
// The writer used here cannot write what lies beyond the first plane.
const letter = fc.constantFrom(...'abcXYZ_09 .:-/"\\\n', 'é', 'ß', '中', '\u2028')
const text = fc.string({ unit: letter, minLength: 1, maxLength: 20 })
const series: fc.Arbitrary<Series> = fc.record({
  labels: fc
    .dictionary(text, text, { maxKeys: 6, noNullPrototype: true })
    .map((labels) => ({ ...labels, __name__: 'some_metric' })),
  points: fc.array(fc.record({ at: fc.integer({ min: 0, max: 4e12 }), value: fc.double({ noNaN: true }) }), {
    maxLength: 8,
  }),
})
const MEGABYTE = 1024 * 1024

function plain(given: readonly Series[]) {
  return given.map(({ labels, points }) => ({
    labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    points: points.map(({ at, value }) => ({ at, value: value + 0 })),
  }))
}

describe('snappy', () => {
  test('what other people pack is unpacked as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 1, max: 40 }), (bytes, times) => {
        const given = Buffer.concat(Array.from({ length: times }, () => bytes))
        assert.deepEqual(Buffer.from(unpackSnappy(snappyBlock(given), MEGABYTE) as Uint8Array), given)
      }),
      { numRuns: 300 },
    )
  })
  test('a bomb is refused by what it announces, before anything is allocated', () => {
    const announced = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0])
    assert.match(
      (unpackSnappy(announced, MEGABYTE) as { malformed: string }).malformed,
      /unpacks to 4294967295/,
    )
    const packed = snappyBlock(new Uint8Array(2 * MEGABYTE))
    assert.ok(packed.length < MEGABYTE / 5)
    assert.ok('malformed' in unpackSnappy(packed, MEGABYTE))
  })
  test('a length that would lead backwards ends the reading', () => {
    // A literal of four length bytes that a signed number takes for -5: it would be read for ever.
    const backwards = Uint8Array.from([10, 0xfc, 0xfa, 0xff, 0xff, 0xff, 1, 2, 3])
    assert.ok('malformed' in unpackSnappy(backwards, MEGABYTE))
  })
  test('whatever comes: an answer, within bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const out = unpackSnappy(bytes, 10_000)
        assert.ok('malformed' in out || out.length <= 10_000)
      }),
      { numRuns: 20_000 },
    )
  })
  test('a valid block with bytes changed is refused or as long as it says', () => {
    const given = Buffer.from('the same words and the same words again and again '.repeat(20))
    const packed = snappyBlock(given)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (changes) => {
          const bad = Uint8Array.from(packed)
          for (const [at, value] of changes) bad[at] = value
          const out = unpackSnappy(bad, MEGABYTE)
          assert.ok('malformed' in out || out.length <= MEGABYTE)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('remote write', () => {
  test('1.0 and 2.0 bring what was sent', () => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 8 }), fc.boolean(), (given, last) => {
        const count = given.reduce((sum, one) => sum + one.points.length, 0)
        for (const [version, body] of [
          ['1', firstRequest(given)],
          ['2', secondRequest(given, last)],
        ] as const) {
          const written = readRemoteWrite(body, version)
          assert.ok(!('malformed' in written), JSON.stringify(written))
          assert.equal(written.samples, count)
          assert.deepEqual(plain(written.series), plain(given))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('the type tells the version; another one is none', () => {
    assert.equal(writeVersionOf('application/x-protobuf'), '1')
    assert.equal(writeVersionOf('application/x-protobuf;proto=prometheus.WriteRequest'), '1')
    assert.equal(writeVersionOf('application/x-protobuf; proto=io.prometheus.write.v2.Request'), '2')
    assert.equal(writeVersionOf('application/x-protobuf;proto=io.prometheus.write.v3.Request'), null)
    assert.equal(writeVersionOf('application/json'), null)
    assert.equal(writeVersionOf(undefined), null)
  })

  const one = [{ labels: { __name__: 'up', job: 'x' }, points: [{ at: START, value: 1 }] }]
  const message = (version: '1' | '2') =>
    Uint8Array.from(
      unpackSnappy(version === '1' ? firstRequest(one) : secondRequest(one), MEGABYTE) as Uint8Array,
    )

  test('one that is cut anywhere is refused or shorter, never a crash', () => {
    for (const version of ['1', '2'] as const) {
      const whole = message(version)
      for (let length = 0; length < whole.length; length++) {
        const cut = readRemoteWrite(snappyBlock(whole.slice(0, length)), version)
        assert.ok('malformed' in cut || cut.series.length === 0, `${version} at ${length}`)
      }
    }
  })

  test('numbers too long, lengths too large and references into nothing are refused', () => {
    const malformed = (bytes: number[], version: '1' | '2' = '1') => {
      const read = readRemoteWrite(snappyBlock(Uint8Array.from(bytes)), version)
      return 'malformed' in read ? read.malformed : 'read'
    }
    assert.match(malformed([0x0a, ...Array(10).fill(0xff)]), /more than ten bytes/)
    assert.match(malformed([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), /past the end/)
    assert.match(malformed([0x0a, 0x02, 0x12, 0x00]), /no name/)
    assert.match(malformed([0x00, 0x01]), /no number/)
    assert.match(malformed([0x0b]), /wire type 3/)
    assert.match(malformed([0x22, 0x00, 0x2a, 0x04, 0x0a, 0x02, 0x05, 0x06], '2'), /no symbol/)
    assert.match(malformed([0x22, 0x01, 0x61], '2'), /first symbol/)
    assert.match(malformed([0x22, 0x00, 0x2a, 0x03, 0x0a, 0x01, 0x00], '2'), /no value/)
  })

  test('whatever comes: an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('1', '2' as const), (bytes, version) => {
        const read = readRemoteWrite(snappyBlock(bytes), version)
        assert.ok('malformed' in read || read.series.length <= bytes.length)
        readRemoteWrite(bytes, version)
      }),
      { numRuns: 10_000 },
    )
    for (const version of ['1', '2'] as const) {
      const whole = message(version)
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
          (changes) => {
            const bad = Uint8Array.from(whole)
            for (const [at, value] of changes) bad[at] = value
            assert.ok(readRemoteWrite(snappyBlock(bad), version))
          },
        ),
        { numRuns: 5_000 },
      )
    }
  })

  test('a label named like a part of every object is a label and no more', () => {
    const odd = [{ labels: { __name__: 'x', ['__proto__']: 'y', constructor: 'z' }, points: [] }]
    Object.defineProperty(odd[0]!.labels, '__proto__', { value: 'y', enumerable: true })
    const read = readRemoteWrite(firstRequest(odd as unknown as Series[]), '1')
    assert.ok(!('malformed' in read))
    assert.equal(Object.getPrototypeOf(read.series[0]!.labels), null)
    assert.equal(read.series[0]!.labels.constructor, 'z')
    assert.ok(!Object.hasOwn({}, 'y'))
  })
})

describe('the text format', () => {
  const read = (given: string) => parseExposition(given)
  const lines = (given: string) =>
    read(given).samples.map(({ labels, value, at }) => [{ ...labels }, value, at])

  test('names, labels, escapes, times, histograms and names in quotes', () => {
    const given = [
      '# HELP http_requests_total The total number of HTTP requests.',
      '# TYPE http_requests_total counter',
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9',
      'metric_without_timestamp_and_labels 12.47',
      'something_weird{problem="division by zero"} +Inf -3982045',
      '# TYPE http_request_duration_seconds histogram',
      'http_request_duration_seconds_bucket{le="+Inf",} 144320',
      '{"my.metric","a.b"="x", c="d"} .16e2',
      ' \t spaced { a = "b" , } \t NaN ',
      '',
      'windows 1\r',
    ].join('\n')
    assert.deepEqual(lines(given), [
      [{ __name__: 'http_requests_total', method: 'post', code: '200' }, 1027, 1395066363000],
      [
        {
          __name__: 'msdos_file_access_time_seconds',
          path: 'C:\\DIR\\FILE.TXT',
          error: 'Cannot find file:\n"FILE.TXT"',
        },
        1.458255915e9,
        null,
      ],
      [{ __name__: 'metric_without_timestamp_and_labels' }, 12.47, null],
      [{ __name__: 'something_weird', problem: 'division by zero' }, Infinity, -3982045],
      [{ __name__: 'http_request_duration_seconds_bucket', le: '+Inf' }, 144320, null],
      [{ __name__: 'my.metric', 'a.b': 'x', c: 'd' }, 16, null],
      [{ __name__: 'spaced', a: 'b' }, Number.NaN, null],
      [{ __name__: 'windows' }, 1, null],
    ])
    assert.deepEqual(
      [...read(given).types],
      [
        ['http_requests_total', 'counter'],
        ['http_request_duration_seconds', 'histogram'],
      ],
    )
  })

  for (const [bad, message] of [
    ['a{b="c} 1', /no value in quotes/],
    ['a{b="c"', /comma or }/],
    ['a{b="c" d="e"} 1', /comma or }/],
    ['a{b="c",b="d"} 1', /twice/],
    ['a one', /not a number/],
    ['a 0x1F', /not a number/],
    ['a', /not a number/],
    ['a 1 2 3', /more after/],
    ['a 1 now', /whole number/],
    ['{a="b"} 1', /begins with the name/],
    ['<html>', /begins with the name/],
    ['a{"b"} 1', /no value/],
  ] as const)
    test(`${bad} is refused with its line`, () => {
      const { problem } = read(`good 1\n${bad}\n`)
      assert.equal(problem?.line, 2)
      assert.match(problem.message, message)
    })

  test('whatever comes: an answer, and quickly', () => {
    const part = fc.constantFrom(
      'a',
      '{',
      '}',
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\n',
      '1',
      '#',
      'TYPE',
      'NaN',
      '\t',
      '\u0000',
      'é',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
        const { samples } = read(parts.join(''))
        assert.ok(samples.length <= parts.length)
      }),
      { numRuns: 10_000 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (given) => void read(given)),
      {
        numRuns: 5_000,
      },
    )
    // Nothing in it is quadratic: megabytes of openings are read once.
    for (const one of ['a{', '"', '\\', '{"', 'a{b="', '# TYPE ', 'a '])
      assert.ok(read(one.repeat(2_000_000 / one.length)))
  })
})

test('selectors are read and meant as Prometheus means them', () => {
  const labels = { __name__: 'up', job: 'node', instance: 'a:9100' }
  const meant = (given: string) => selectorOf(given)?.(labels) ?? null
  assert.equal(meant('up'), true)
  assert.equal(meant('up{job="node"}'), true)
  assert.equal(meant('{job=\'node\', instance!="b"}'), true)
  assert.equal(meant('up{job=~"no.*"}'), true)
  // The pattern is for the whole value.
  assert.equal(meant('up{job=~"no"}'), false)
  assert.equal(meant('up{job!~"no"}'), true)
  assert.equal(meant('{"up", "job"="node"}'), true)
  assert.equal(meant('up{missing=""}'), true)
  for (const bad of [
    '',
    '{}',
    'up{',
    'up{job}',
    'up{job="x"',
    'up x',
    'up{job=~"("}',
    '{job=""}',
    'up{"up"}',
  ])
    assert.equal(meant(bad), null, bad)
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (given) => void selectorOf(given)),
    { numRuns: 3_000 },
  )
})
