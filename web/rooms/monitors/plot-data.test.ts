import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { History } from '../../../src/contract/monitors.ts'
import { bandSegments, latencyColumns, sayShare, shares, stateOf } from './plot-data.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 10, 21)
type Point = History['points'][number]

function point(minute: number, given: Partial<Point> = {}): Point {
  const nothing = { upMs: 0, degradedMs: 0, downMs: 0, unknownMs: 0, maintenanceMs: 0 }
  const at = new Date(START + minute * MINUTE).toISOString()
  return { at, ...nothing, checks: 1, expectedChecks: 1, tookMs: 10, tookMaxMs: 12, ...given }
}

function history(points: Point[], minutes = points.length): History {
  const to = new Date(START + minutes * MINUTE).toISOString()
  return { from: new Date(START).toISOString(), to, resolution: 'minute', points }
}

test('a stretch shows the worst in it: ten seconds down in a minute are not averaged away', () => {
  assert.equal(stateOf(point(0, { upMs: 50_000, downMs: 10_000 })), 'down')
  assert.equal(stateOf(point(0, { upMs: 50_000, unknownMs: 10_000 })), 'unknown')
  assert.equal(stateOf(point(0, { upMs: 50_000, degradedMs: 10_000 })), 'degraded')
  assert.equal(stateOf(point(0, { upMs: 30_000, maintenanceMs: 30_000 })), 'maintenance')
  assert.equal(stateOf(point(0, { upMs: MINUTE })), 'up')
  assert.equal(stateOf(point(0, { checks: 0 })), 'none')
})

describe('the band', () => {
  test('joins neighbours of one state and covers the whole time', () => {
    const up = { upMs: MINUTE }
    const segments = bandSegments(
      history([point(0, up), point(1, up), point(2, { downMs: MINUTE }), point(3, up)]),
    )
    assert.deepEqual(
      segments.map(({ from, to, state }) => [(from - START) / MINUTE, (to - START) / MINUTE, state]),
      [
        [0, 2, 'up'],
        [2, 3, 'down'],
        [3, 4, 'up'],
      ],
    )
  })

  test('ends where the asked time ends, and leaves what was not observed blank', () => {
    const late = history([point(1, { upMs: 5 * MINUTE })], 3)
    assert.deepEqual(
      bandSegments(late).map(({ from, to }) => [(from - START) / MINUTE, (to - START) / MINUTE]),
      [[1, 3]],
    )
    assert.deepEqual(bandSegments(history([], 3)), [])
  })
})

test('a gap in the measurements breaks the line instead of bending it to zero', () => {
  const [x, took, slowest] = latencyColumns([point(0), point(1, { tookMs: null, tookMaxMs: null }), point(2)])
  assert.deepEqual(x, [START / 1_000, START / 1_000 + 60, START / 1_000 + 120])
  assert.deepEqual(took, [10, null, 10])
  assert.deepEqual(slowest, [12, null, 12])
})

describe('shares of the time', () => {
  test('keep unknown and maintenance apart and add up to one', () => {
    const parts = shares([
      point(0, { upMs: 30_000, unknownMs: 30_000 }),
      point(1, { maintenanceMs: 30_000, downMs: 15_000, degradedMs: 15_000 }),
    ])!
    assert.deepEqual(parts, { up: 0.25, degraded: 0.125, down: 0.125, unknown: 0.25, maintenance: 0.25 })
    assert.equal(shares([point(0)]), null)
  })

  test('never round an outage away', () => {
    assert.equal(sayShare(1), '100 %')
    assert.equal(sayShare(0.999999), '> 99.99 %')
    assert.equal(sayShare(0.99987), '99.98 %')
    assert.equal(sayShare(0.5), '50.0 %')
    assert.equal(sayShare(0.00001), '< 0.01 %')
    assert.equal(sayShare(0), '0 %')
  })
})
