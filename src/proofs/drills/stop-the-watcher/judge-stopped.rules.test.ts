import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoppedEvidence } from '../../drill.ts'
import { judgeStopped } from './judge-stopped.rules.ts'

const SAID = {
  subject: 'Tocsin "rehearsal" needs you',
  text: 'no sign of life (peer.silent)',
  afterMs: 4_000,
}
const stopped = (more: Partial<StoppedEvidence> = {}): StoppedEvidence => ({
  how: 'freeze',
  watcher: 'started for this drill',
  silenceMs: 2_000,
  beatsBefore: 3,
  noticedAfterMs: 4_000,
  withinMs: 10_000,
  said: [SAID],
  ...more,
})
const judged = (of: StoppedEvidence, calm = true) => {
  const { outcome, reason } = judgeStopped(of, calm)
  return [outcome, reason]
}

test('said in time is noticed', () => {
  assert.deepEqual(judged(stopped()), ['passed', 'noticed'])
  assert.match(judgeStopped(stopped(), true).summary, /4s after it was frozen; 10s is allowed/)
})

test('never, or too late, is not', () => {
  assert.deepEqual(judged(stopped({ noticedAfterMs: null, said: [] })), ['failed', 'not-noticed'])
  assert.deepEqual(judged(stopped({ noticedAfterMs: 10_001 })), ['failed', 'not-noticed'])
})

test('something else than that it is silent is not what happened', () => {
  const said = [{ ...SAID, text: 'its event loop has not moved (peer.blocked)' }]
  assert.deepEqual(judged(stopped({ said })), ['failed', 'not-named'])
})

test('a watcher that complains before anything is stopped proves nothing', () => {
  assert.deepEqual(judged(stopped(), false), ['inconclusive', 'said-too-early'])
})
