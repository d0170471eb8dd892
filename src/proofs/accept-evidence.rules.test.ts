import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from '../kit/duration.ts'
import { acceptEvidence, EVIDENCE_REASONS, type OfferedEvidence } from './accept-evidence.rules.ts'

const NOW = Date.UTC(2026, 0, 5, 12)
const CLAIMED = {
  state: 'claimed' as const,
  since: NOW - 2 * HOUR,
  claimedBy: 'ana',
  owner: 'bo',
  hasDrill: false,
}
const WORD: OfferedEvidence = {
  outcome: 'passed',
  strength: 'word',
  seenAt: NOW - HOUR,
  expiresAt: NOW + 30 * DAY,
  mostMs: 366 * DAY,
  personId: 'cy',
}
const decide = (action: object, offered: object = {}) =>
  acceptEvidence({ ...CLAIMED, ...action }, { ...WORD, ...offered }, NOW).reason

test('somebody else who looked after the claim is believed for a while', () => {
  assert.equal(decide({}), 'accepted')
  assert.equal(decide({ state: 'refuted' }), 'accepted')
  assert.equal(decide({ state: 'stale' }), 'accepted')
  assert.equal(decide({ state: 'proved' }), 'accepted', 'the word is renewed before it expires')
})

test('each reason to refuse has its case', () => {
  const cases: [string, object, object?][] = [
    ['dropped', { state: 'dropped' }],
    ['not-claimed', { state: 'open' }],
    ['drill-decides', { hasDrill: true }],
    ['inconclusive', {}, { outcome: 'inconclusive' }],
    ['in-the-future', {}, { seenAt: NOW + 1 }],
    ['before-the-claim', {}, { seenAt: NOW - 3 * HOUR }],
    ['expired-already', {}, { expiresAt: NOW }],
    ['holds-too-long', {}, { expiresAt: NOW + 400 * DAY }],
    ['no-person', {}, { personId: null }],
    ['own-work', {}, { personId: 'ana' }],
    ['own-work', {}, { personId: 'bo' }],
    ['own-work', { claimedBy: 'person:cy' }],
  ]
  for (const [reason, action, offered] of cases) assert.equal(decide(action, offered), reason)
  const tried = new Set(['accepted', ...cases.map(([reason]) => reason)])
  assert.deepEqual([...tried].sort(), [...EVIDENCE_REASONS].sort())
})

test('a machine needs no name, and may have been started by whoever did the work', () => {
  assert.equal(decide({}, { strength: 'machine', personId: null }), 'accepted')
  assert.equal(decide({}, { strength: 'machine', personId: 'ana' }), 'accepted')
})

test('nothing that is open, dropped or decided by a drill is ever moved', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('open' as const, 'dropped' as const),
      fc.boolean(),
      fc.record({
        outcome: fc.constantFrom('passed' as const, 'failed' as const),
        strength: fc.constantFrom('word' as const, 'machine' as const),
        seenAt: fc.integer({ min: NOW - DAY, max: NOW + DAY }),
        expiresAt: fc.integer({ min: NOW - DAY, max: NOW + 500 * DAY }),
        personId: fc.constantFrom('ana', 'bo', 'cy', null),
      }),
      (state, hasDrill, offered) => {
        assert.notEqual(decide({ state }, offered), 'accepted')
        if (hasDrill) assert.notEqual(decide({ hasDrill }, offered), 'accepted')
      },
    ),
  ))
