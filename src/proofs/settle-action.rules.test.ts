import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY } from '../kit/duration.ts'
import { OUTCOMES } from './drill.ts'
import {
  PROOF_STATES,
  type ProofState,
  SETTLE_REASONS,
  settleByDrill,
  settleByRemoval,
  settleByTime,
} from './settle-action.rules.ts'

const NOW = Date.UTC(2026, 0, 5)
const proof = (state: ProofState, alerted = state === 'reopened') => ({
  state,
  concludedAt: NOW - DAY,
  staleAfterMs: 14 * DAY,
  alerted,
})

// Every cell of the table: state, outcome, and what becomes of proof, action and alert.
const TABLE = [
  ['awaiting', 'passed', 'proved', 'drill-passed', 'proved', null],
  ['awaiting', 'failed', 'refuted', 'drill-failed', 'refuted', null],
  ['awaiting', 'inconclusive', 'awaiting', 'inconclusive', null, null],
  ['refuted', 'passed', 'proved', 'drill-passed', 'proved', null],
  ['refuted', 'failed', 'refuted', 'drill-failed', null, null],
  ['refuted', 'inconclusive', 'refuted', 'inconclusive', null, null],
  ['proved', 'passed', 'proved', 'proved-again', null, null],
  ['proved', 'failed', 'reopened', 'proof-broke', 'reopened', 'open'],
  ['proved', 'inconclusive', 'proved', 'inconclusive', null, null],
  ['reopened', 'passed', 'reopened', 'passes-again', null, 'resolve'],
  ['reopened', 'failed', 'reopened', 'still-broken', null, null],
  ['reopened', 'inconclusive', 'reopened', 'inconclusive', null, null],
  ['stale', 'passed', 'proved', 'proved-again', 'proved', null],
  ['stale', 'failed', 'reopened', 'proof-broke', 'reopened', 'open'],
  ['stale', 'inconclusive', 'stale', 'inconclusive', null, null],
] as const

for (const [state, outcome, next, reason, action, alert] of TABLE)
  test(`a drill that ${outcome} on a proof that is ${state}: ${reason}`, () => {
    assert.deepEqual(settleByDrill(proof(state), outcome, NOW), { state: next, reason, action, alert })
  })

test('the table is complete', () => {
  const cells = new Set(TABLE.map(([state, outcome]) => `${state} ${outcome}`))
  assert.equal(cells.size, PROOF_STATES.length * OUTCOMES.length)
})

test('a proof that could not be repeated for too long is stale', () => {
  const old = { ...proof('proved'), concludedAt: NOW - 14 * DAY - 1 }
  const stale = { state: 'stale', reason: 'not-proved-since', action: 'stale', alert: null }
  assert.deepEqual(settleByTime(old, NOW), stale)
  assert.deepEqual(settleByDrill(old, 'inconclusive', NOW), stale)
  assert.equal(settleByTime({ ...old, concludedAt: NOW - 14 * DAY }, NOW), null)
  assert.equal(settleByTime({ ...old, staleAfterMs: null }, NOW), null)
  assert.equal(settleByTime({ ...old, state: 'refuted' }, NOW), null)
})

test('taking the drill away makes a proof stale, and touches nothing that was not proved', () => {
  assert.equal(settleByRemoval(proof('proved'))?.reason, 'drill-removed')
  for (const state of PROOF_STATES) if (state !== 'proved') assert.equal(settleByRemoval(proof(state)), null)
})

test('along any run of drills and claims the alert opens and resolves in turn, and a pass always ends it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...OUTCOMES, 'claimed'), { maxLength: 30 }), (events) => {
      let state: ProofState = 'awaiting'
      let open = false
      for (const event of events) {
        if (event === 'claimed') {
          state = 'awaiting'
          continue
        }
        const next = settleByDrill(proof(state, open), event, NOW)
        assert.ok(SETTLE_REASONS.includes(next.reason))
        assert.notEqual(next.alert, open ? 'open' : 'resolve')
        if (next.alert) open = next.alert === 'open'
        state = next.state
        if (event === 'passed') assert.equal(open, false)
        if (event === 'passed' && state !== 'reopened') assert.equal(state, 'proved')
        // Nothing but a passed drill ends in a proof.
        if (event !== 'passed') assert.notEqual(next.action, 'proved')
      }
    }),
  )
})
