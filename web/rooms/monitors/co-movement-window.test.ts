import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sparkOf, windowOf } from './co-movement-window.ts'

const now = Date.UTC(2026, 10, 21, 12)
const MINUTE = 60_000
const at = (minutes: number) => new Date(now + minutes * MINUTE).toISOString()

test('what moved is looked for around the beginning of the trouble, not around now', () => {
  const window = windowOf({ state: 'down', since: at(-600), everyMs: MINUTE }, now)
  assert.deepEqual(window, { from: now - 615 * MINUTE, to: now - 570 * MINUTE, ofTrouble: true })
})

test('a trouble that has just begun is looked at until now, and never for less than a minute', () => {
  const window = windowOf({ state: 'degraded', since: at(0), everyMs: 1_000 }, now)
  assert.deepEqual(window, { from: now - 15 * MINUTE, to: now, ofTrouble: true })
  // The clock of the page may be behind the server's.
  const early = windowOf({ state: 'down', since: at(30), everyMs: 1_000 }, now)
  assert.equal(early.to - early.from, MINUTE)
})

test('where nothing is wrong it is the last hour', () => {
  assert.deepEqual(windowOf({ state: 'up', since: at(-9_000), everyMs: MINUTE }, now), {
    from: now - 60 * MINUTE,
    to: now,
    ofTrouble: false,
  })
})

test('a small line fills its box, and a flat one stands in the middle', () => {
  assert.equal(
    sparkOf(
      [
        [0, 1],
        [5, 3],
        [10, 2],
      ],
      100,
      20,
    ),
    'M0.0 20.0L50.0 0.0L100.0 10.0',
  )
  assert.equal(
    sparkOf(
      [
        [0, 7],
        [10, 7],
      ],
      100,
      20,
    ),
    'M0.0 10.0L100.0 10.0',
  )
  assert.equal(sparkOf([[0, 7]], 100, 20), '')
})
