import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { travelClock } from './clock.ts'
import { formatDuration, parseDuration, writeDuration } from './duration.ts'
import { newId } from './ids.ts'
import { canonicalJson } from './json.ts'
import { REDACTED, redact } from './redact.ts'

describe('a travelled clock', () => {
  it('runs what falls due on the way, in order, at its own instant', () => {
    const clock = travelClock(1_000)
    const seen: [string, number][] = []
    clock.after(300, () => seen.push(['late', clock.now()]))
    clock.after(100, () => {
      seen.push(['early', clock.now()])
      clock.after(50, () => seen.push(['nested', clock.now()]))
    })
    clock.moveTo(1_299)
    assert.deepEqual(seen, [
      ['early', 1_100],
      ['nested', 1_150],
    ])
    assert.equal(clock.nextAt(), 1_300)
    clock.moveTo(1_300)
    assert.deepEqual(seen.at(-1), ['late', 1_300])
    assert.equal(clock.nextAt(), null)
  })

  it('never goes backwards, and forgets what was taken back', () => {
    const clock = travelClock(50)
    const cancel = clock.after(10, () => assert.fail('was taken back'))
    cancel()
    clock.moveTo(500)
    clock.moveTo(100)
    assert.equal(clock.now(), 500)
  })
})

describe('durations', () => {
  it('reads what configuration files write', () => {
    const cases: [string, number | null][] = [
      ['90s', 90_000],
      ['1h30m', 5_400_000],
      ['14d', 1_209_600_000],
      ['250ms', 250],
      ['1.5h', 5_400_000],
      ['', null],
      ['5', null],
      ['5 m', null],
      ['m5', null],
      ['-5m', null],
    ]
    for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, text)
  })

  it('writes every duration so that it reads the same', () => {
    fc.assert(fc.property(fc.nat(10 * 365 * 86_400_000), (ms) => parseDuration(writeDuration(ms)) === ms))
  })

  it('tells people the two largest units', () => {
    assert.equal(formatDuration(2 * 86_400_000 + 4 * 3_600_000 + 59), '2d 4h')
    assert.equal(formatDuration(192_000), '3m 12s')
    assert.equal(formatDuration(250), '250ms')
    assert.equal(formatDuration(-60_000), '-1m')
    assert.equal(formatDuration(86_400_000 + 5_000), '1d')
  })
})

describe('ids', () => {
  it('sort by the time handed in', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 40),
        fc.integer({ min: 1, max: 10_000 }),
        (at, later) => newId(at) < newId(at + later),
      ),
    )
  })
  it('carry version 7 and the RFC 9562 variant', () => {
    assert.match(newId(1_700_000_000_000), /^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('canonical JSON', () => {
  it('is the same text for the same value whatever the order of its keys', () => {
    assert.equal(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined }), '{"b":[1,{"c":"x","d":null}]}')
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('redaction', () => {
  it('replaces what sounds secret, at any depth, and credentials in addresses', () => {
    assert.deepEqual(
      redact({
        user: 'ana',
        password: 'x',
        nested: [{ apiKey: 'k', url: 'postgres://u:secret@db/t' }],
        token: null,
      }),
      {
        user: 'ana',
        password: REDACTED,
        nested: [{ apiKey: REDACTED, url: `postgres://u:${REDACTED}@db/t` }],
        token: null,
      },
    )
  })
})
