import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  fromLocalInput,
  sayDuration,
  sayExact,
  sayInstant,
  sayRelative,
  toLocalInput,
  writeDuration,
} from './say-time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('a length of time', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [412, '412 ms'],
    [45_000, '45 s'],
    [59_999, '59 s'],
    [3 * MINUTE, '3 min'],
    [3 * MINUTE + 12_000, '3 min 12 s'],
    [23 * MINUTE + 12_000, '23 min'],
    [2 * HOUR, '2 h'],
    [2 * HOUR + 5 * MINUTE, '2 h 05 min'],
    [6 * DAY + 4 * HOUR, '6 d 4 h'],
    [40 * DAY + 4 * HOUR, '40 d'],
    [-90_000, '1 min 30 s'],
  ]
  for (const [ms, said] of cases) test(`${ms} ms reads "${said}"`, () => assert.equal(sayDuration(ms), said))
})

test('a length is written as the configuration writes it', () => {
  assert.equal(writeDuration(0), '0s')
  assert.equal(writeDuration(90_000), '1m30s')
  assert.equal(writeDuration(DAY + 2 * HOUR), '1d2h')
  assert.equal(writeDuration(1_250), '1s250ms')
})

test('a relative time has one part and says which way', () => {
  const now = Date.UTC(2026, 10, 21)
  assert.equal(sayRelative(now - 4_000, now), 'just now')
  assert.equal(sayRelative(now + 4_000, now), 'in a moment')
  assert.equal(sayRelative(now - 3 * MINUTE, now), '3 min ago')
  assert.equal(sayRelative(now + 3 * HOUR, now), 'in 3 h')
  assert.equal(sayRelative(now - 47 * HOUR, now), '47 h ago')
  assert.equal(sayRelative(now - 49 * HOUR, now), '2 d ago')
  assert.equal(sayRelative(now - 700 * DAY, now), '700 d ago')
  assert.equal(sayRelative(now - 2366 * DAY, now), '6 years ago')
  assert.equal(sayRelative(now + 2366 * DAY, now), 'in 2366 d')
})

test('exact times are in the zone of the reader, summer and winter', () => {
  const zone = process.env.TZ
  process.env.TZ = 'Europe/Paris'
  try {
    assert.equal(sayExact(Date.UTC(2026, 10, 21, 0, 34, 5)), 'Sat 21 Nov 2026, 01:34:05 UTC+1')
    assert.equal(sayExact(Date.UTC(2026, 6, 1, 0, 0)), 'Wed 1 Jul 2026, 02:00:00 UTC+2')
    assert.equal(sayInstant(Date.UTC(2026, 6, 1), Date.UTC(2026, 1, 1)), 'Wed 1 Jul, 02:00')
    assert.equal(sayInstant(Date.UTC(2025, 6, 1), Date.UTC(2026, 1, 1)), 'Tue 1 Jul 2025, 02:00')
    process.env.TZ = 'Asia/Kolkata'
    assert.equal(sayExact(0), 'Thu 1 Jan 1970, 05:30:00 UTC+5:30')
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})

test('what a time field holds comes back as the instant it shows', () => {
  const at = Date.UTC(2026, 2, 29, 12, 30)
  assert.equal(fromLocalInput(toLocalInput(at)), new Date(at).toISOString())
  assert.equal(fromLocalInput(''), null)
  assert.equal(fromLocalInput('yesterday'), null)
})
