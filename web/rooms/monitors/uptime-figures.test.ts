import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { History } from '../../../src/contract/monitors.ts'
import { uptimeOf } from './uptime-figures.ts'

const MINUTE = 60_000
const point = (more: Partial<History['points'][number]>): History['points'][number] => ({
  at: '2026-05-01T00:00:00.000Z',
  upMs: 0,
  degradedMs: 0,
  downMs: 0,
  unknownMs: 0,
  maintenanceMs: 0,
  checks: 0,
  expectedChecks: null,
  tookMs: null,
  tookMaxMs: null,
  ...more,
})

test('unknown time counts for neither side, and maintenance is no outage', () => {
  const points = [
    point({ upMs: 8 * MINUTE, degradedMs: MINUTE, checks: 9, expectedChecks: 9 }),
    point({ downMs: MINUTE, unknownMs: 5 * MINUTE, maintenanceMs: 7 * MINUTE, checks: 1, expectedChecks: 6 }),
  ]
  assert.deepEqual(uptimeOf(points), {
    judgedMs: 10 * MINUTE,
    up: 0.9,
    degraded: true,
    unknownMs: 5 * MINUTE,
    checks: 10,
    expected: 15,
  })
})

test('nothing judged is not the same as nothing up', () => {
  assert.equal(uptimeOf([point({ unknownMs: MINUTE })]).up, null)
  assert.equal(uptimeOf([point({ downMs: MINUTE })]).up, 0)
  assert.equal(uptimeOf([]).expected, null)
})
