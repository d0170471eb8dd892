import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MINUTE } from '../kit/duration.ts'
import type { ReplicaPage } from './drill.ts'
import { judgePaging } from './judge-paging.rules.ts'

const ONSET = Date.UTC(2026, 0, 5, 3)
const page = (afterMs: number, personId: string): ReplicaPage => ({
  at: ONSET + afterMs,
  personId,
  channel: 'sms',
  step: 'first',
  monitorId: 'docs',
})
const ANA = { person: 'ana', withinMs: 5 * MINUTE }

test('the right person in time', () => {
  const verdict = judgePaging([page(6 * MINUTE, 'bo'), page(2 * MINUTE, 'ana')], ONSET, ANA)
  assert.deepEqual(verdict, {
    outcome: 'passed',
    reason: 'reached-in-time',
    summary: 'ana was paged by sms after 2m; 5m is allowed.',
  })
})

test('the last allowed millisecond is in time, the next is too late', () => {
  assert.equal(judgePaging([page(5 * MINUTE, 'ana')], ONSET, ANA).reason, 'reached-in-time')
  assert.equal(judgePaging([page(5 * MINUTE + 1, 'ana')], ONSET, ANA).reason, 'too-late')
})

test('somebody else is not the right person, unless anyone will do', () => {
  assert.equal(judgePaging([page(MINUTE, 'bo')], ONSET, ANA).reason, 'wrong-person')
  assert.equal(judgePaging([page(MINUTE, 'bo')], ONSET, { ...ANA, person: null }).reason, 'reached-in-time')
})

test('everybody else who was paged is named once, in the order of paging', () => {
  const pages = [page(3 * MINUTE, 'cy'), page(MINUTE, 'bo'), page(2 * MINUTE, 'bo')]
  assert.equal(judgePaging(pages, ONSET, ANA).summary, 'bo, cy were paged, but not ana.')
  assert.equal(judgePaging(pages.slice(1), ONSET, ANA).summary, 'bo was paged, but not ana.')
})

test('a page at the very onset is in time; what came to another first changes nothing', () => {
  assert.equal(judgePaging([page(0, 'ana')], ONSET, { ...ANA, withinMs: 0 }).outcome, 'passed')
  fc.assert(
    fc.property(
      fc.array(fc.record({ after: fc.nat(10 * MINUTE), who: fc.constantFrom('ana', 'bo', 'cy') })),
      (all) => {
        const { outcome } = judgePaging(
          all.map(({ after, who }) => page(after, who)),
          ONSET,
          ANA,
        )
        const inTime = all.some(({ after, who }) => who === 'ana' && after <= ANA.withinMs)
        assert.equal(outcome, inTime ? 'passed' : 'failed')
      },
    ),
  )
})

test('silence is a failure that says who should have been paged', () => {
  const verdict = judgePaging([], ONSET, ANA)
  assert.equal(verdict.reason, 'nobody-paged')
  assert.match(verdict.summary, /ana should be within 5m/)
})

test('silence that somebody ordered proves nothing; a page that went out nevertheless counts', () => {
  const muted = judgePaging([], ONSET, ANA, 'a silence')
  assert.deepEqual([muted.outcome, muted.reason], ['inconclusive', 'muted'])
  assert.match(muted.summary, /because of a silence/)
  assert.equal(judgePaging([page(MINUTE, 'ana')], ONSET, ANA, 'a silence').outcome, 'passed')
})

test('a page before the onset makes the drill inconclusive', () => {
  const verdict = judgePaging([page(-1, 'bo'), page(MINUTE, 'ana')], ONSET, ANA)
  assert.deepEqual([verdict.outcome, verdict.reason], ['inconclusive', 'control-failed'])
})
