import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DrillRun } from '../contract/proofs.ts'
import { junitReport } from './junit.ts'
import { sayReplay } from './say-evidence.ts'

const run = (evidence: Record<string, unknown>): DrillRun => ({
  id: 'run-1',
  drillId: 'night',
  state: 'failed',
  reason: 'Too late: ana is paged after 7m; 5m is allowed.',
  since: '2026-01-05T12:00:00Z',
  finishedAt: '2026-01-05T12:00:01Z',
  trigger: 'person',
  caught: [],
  missed: [],
  evidence,
})
const REPLAY = {
  expectations: [
    { says: 'verdict down', met: true, afterMs: 90_000, withinMs: 120_000 },
    { says: 'ana is paged', met: false, afterMs: 420_000, withinMs: 300_000 },
    { says: 'cy is paged', met: false, afterMs: null, withinMs: 300_000 },
    { says: 'no update', met: true, afterMs: null, withinMs: null },
  ],
  gained: [
    { what: 'noticed', gainedMs: 7_200_000 },
    { what: 'reached', gainedMs: null },
  ],
}

test('each expectation is one line, and what was missed stands out', () => {
  assert.deepEqual(sayReplay(run({ replay: REPLAY })), [
    'yes verdict down: after 1m 30s, 2m allowed',
    'NO  ana is paged: after 7m, 5m allowed',
    'NO  cy is paged: never came, 5m allowed',
    'yes no update: never came',
    'noticed 2h sooner than in life',
  ])
})

test('a drill without a replay, or with evidence of another shape, adds no line', () => {
  assert.deepEqual(sayReplay(run({})), [])
  assert.deepEqual(sayReplay(run({ replay: 'none' })), [])
  assert.deepEqual(sayReplay(run({ replay: { expectations: 'none' } })), [])
})

test('a report for a build server says which expectation was not met', () => {
  const report = junitReport([{ name: 'night', run: run({ replay: REPLAY }) }])
  assert.match(report, /<failure message="Too late: ana is paged after 7m; 5m is allowed\.">/)
  assert.match(report, /NO {2}ana is paged: after 7m, 5m allowed/)
})
