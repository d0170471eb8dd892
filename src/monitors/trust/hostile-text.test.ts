import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alternativeNames, attributes, oneLine } from './certificate.ts'
import { parseRenewalInfo, pauseAfter, renewalInfoName } from './renewal-info.rules.ts'

const NOW = Date.UTC(2026, 10, 1)

test('names of certificates, as the library tells them, are read whatever stands in them', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'DNS:',
        'IP Address:',
        'CN=',
        'O=',
        '"',
        '\\',
        ', ',
        '\n',
        '\0',
        'DNS:"a\\"b"',
        '\\u0000',
      ),
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('')
      assert.ok(alternativeNames(text).every((name) => typeof name === 'string'))
      assert.ok(attributes(text, ['CN', 'O']).every((value) => typeof value === 'string'))
      assert.ok(!oneLine(text).includes('\n'))
    }),
    { numRuns: 5_000 },
  )
})

test('a list of names without end is read in a time that grows with its length alone', () => {
  for (const text of [
    'DNS:"'.repeat(20_000),
    'DNS:a, '.repeat(20_000),
    '\\'.repeat(100_000),
    '"'.repeat(100_000),
  ]) {
    const started = performance.now()
    alternativeNames(text)
    attributes(text, ['CN'])
    assert.ok(performance.now() - started < 5_000, text.slice(0, 10))
  }
})

test('what an authority says of renewals is read or left, whatever it is', () => {
  const window = fc.record(
    {
      start: fc.oneof(fc.string(), fc.constantFrom('2026-11-01T00:00:00Z', '9999-99-99', ''), fc.jsonValue()),
      end: fc.oneof(fc.string(), fc.constantFrom('2026-11-03T00:00:00Z', '-1'), fc.jsonValue()),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ suggestedWindow: window, explanationURL: fc.jsonValue() })
      .map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(body, (text) => {
      const read = parseRenewalInfo(text)
      if (read === null) return
      for (const value of Object.values(read))
        if (typeof value === 'number') assert.ok(Number.isFinite(value), text)
    }),
    { numRuns: 5_000 },
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('-1', '1e9', '99999999999', 'Wed, 21 Oct 2099')),
      (text) => {
        const pause = pauseAfter(text, NOW)
        assert.ok(Number.isFinite(pause) && pause > 0, `${text}: ${pause}`)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('the name of a certificate at an authority is made of any bytes, or not at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (der) => {
      const name = renewalInfoName(der)
      assert.ok(name === null || /^[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/.test(name), String(name))
    }),
    { numRuns: 3_000 },
  )
})
