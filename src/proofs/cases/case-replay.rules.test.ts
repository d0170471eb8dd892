import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE, SECOND } from '../../kit/duration.ts'
import { caseReplay } from './case-replay.rules.ts'
import { shippedCases } from './find-case.ts'
import type { CasePlay } from './judge-case.rules.ts'

const past = {
  began: '2026-01-05T12:00:00Z',
  noticed: '2026-01-05T12:40:00Z',
  mended: '2026-01-05T14:00:00Z',
  by: 'users' as const,
  how: 'A user wrote to us.',
  had: {},
}
const play = (fault: string, alerted: number | null, paged: number | null): CasePlay => ({
  fault,
  monitorId: 'docs',
  kind: 'tls',
  verdict: 'down',
  reason: 'certificate.expired',
  onset: 1_000,
  alertedAt: alerted === null ? null : 1_000 + alerted,
  pages:
    paged === null
      ? []
      : [{ at: 1_000 + paged, personId: 'ana', channel: 'sms', step: 'first', monitorId: 'docs' }],
  mutedBy: null,
})
const gained = (...plays: CasePlay[]) => caseReplay(past as never, plays, new Map()).gained

test('how it was stands beside how it would be, on the clock of the incident, with what is gained', () => {
  const replay = caseReplay(
    past as never,
    [play('certificate-expired', 80 * SECOND, 90 * SECOND)],
    new Map([['certificate-expired', 'Its certificate has expired']]),
  )
  assert.deepEqual(
    replay.asItWas!.map(({ at, what }) => [at, what]),
    [
      ['2026-01-05T12:00:00.000Z', 'started'],
      ['2026-01-05T12:40:00.000Z', 'detected'],
      ['2026-01-05T14:00:00.000Z', 'mitigated'],
    ],
  )
  assert.deepEqual(
    replay.wouldBe.map(({ at, what, text }) => [at, what, text]),
    [
      ['2026-01-05T12:01:20.000Z', 'alert', 'docs is down: Its certificate has expired'],
      ['2026-01-05T12:01:30.000Z', 'page', 'ana is paged by sms'],
    ],
  )
  assert.deepEqual(replay.gained, [
    { what: 'noticed', wasMs: 40 * MINUTE, wouldMs: 80 * SECOND, gainedMs: 40 * MINUTE - 80 * SECOND },
    { what: 'reached', wasMs: 40 * MINUTE, wouldMs: 90 * SECOND, gainedMs: 40 * MINUTE - 90 * SECOND },
  ])
})

test('of several faults the one that is noticed last counts, and one that never is gains nothing', () => {
  const [noticed] = gained(play('a', MINUTE, MINUTE), play('b', 5 * MINUTE, 6 * MINUTE))!
  assert.equal(noticed!.gainedMs, 35 * MINUTE)
  assert.deepEqual(
    gained(play('a', MINUTE, MINUTE), play('b', null, null))!.map(({ gainedMs }) => gainedMs),
    [null, null],
  )
})

test('every case that comes with Tocsin and tells of its past can be watched', () => {
  for (const { past: of } of shippedCases())
    if (of) {
      const { asItWas } = caseReplay(of, [play('a', MINUTE, MINUTE)], new Map())
      assert.ok(asItWas!.length >= 3)
      assert.deepEqual(
        asItWas!.map(({ afterMs }) => afterMs),
        asItWas!.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b),
      )
    }
})
