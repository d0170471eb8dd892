import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineStatus } from './context.ts'
import { judgeHealth, judgeReadiness, LOOP_PATIENCE } from './health.rules.ts'

const NOW = 1_800_000_000_000
const store = { answers: true, detail: '' }
const engine: EngineStatus = {
  running: true,
  startedAt: NOW - 600_000,
  lastTurns: { timers: NOW - 100, outbox: NOW - 900 },
  configured: true,
}
const reasons = (problems: { reason: string }[]) => problems.map((problem) => problem.reason)

test('an engine whose loops come round, over a store that answers, is healthy and ready', () => {
  assert.deepEqual(judgeHealth(engine, store, NOW), [])
  assert.deepEqual(judgeReadiness(engine, store, NOW), [])
})

test('a loop that hangs is named with its age', () => {
  const hung = { ...engine, lastTurns: { timers: NOW, outbox: NOW - LOOP_PATIENCE - 1_000 } }
  const [problem, ...rest] = judgeHealth(hung, store, NOW)
  assert.deepEqual(rest, [])
  assert.equal(problem!.reason, 'loop-hangs')
  assert.match(problem!.detail, /"outbox".*31 s/)
})

test('a loop is given its full patience', () => {
  const slow = { ...engine, lastTurns: { outbox: NOW - LOOP_PATIENCE } }
  assert.deepEqual(judgeHealth(slow, store, NOW), [])
})

test('loops that never came round are noticed, but not before their patience is over', () => {
  const begun = (ago: number) => ({ ...engine, startedAt: NOW - ago, lastTurns: {} })
  assert.deepEqual(judgeHealth(begun(LOOP_PATIENCE), store, NOW), [])
  assert.deepEqual(reasons(judgeHealth(begun(LOOP_PATIENCE + 1), store, NOW)), ['loop-hangs'])
})

test('a silent store is a problem also where no engine runs', () => {
  const silent = { answers: false, detail: 'no answer' }
  const stopped = { ...engine, running: false }
  assert.deepEqual(reasons(judgeHealth(stopped, silent, NOW)), ['store-silent'])
})

test('without an engine a process is healthy, but not ready', () => {
  const stopped = { ...engine, running: false, lastTurns: {} }
  assert.deepEqual(judgeHealth(stopped, store, NOW), [])
  assert.deepEqual(reasons(judgeReadiness(stopped, store, NOW)), ['engine-stopped'])
})

test('before the configuration is applied a process is not ready', () => {
  assert.deepEqual(reasons(judgeReadiness({ ...engine, configured: false }, store, NOW)), ['not-configured'])
})
