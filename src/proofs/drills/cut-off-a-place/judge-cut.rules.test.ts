import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../../kit/duration.ts'
import type { CutMonitor } from '../../drill.ts'
import { CUT_REASONS, type CutCriterion, judgeCut } from './judge-cut.rules.ts'
import type { CutPlayed } from './play-cut.ts'

const monitor = (more: Partial<CutMonitor> = {}): CutMonitor => ({
  monitorId: 'shop',
  places: ['here', 'berlin', 'tokyo'],
  quorum: 2,
  verdict: 'up',
  badAfterMs: null,
  outageSeenAfterMs: MINUTE,
  outsideSeenAfterMs: MINUTE,
  ...more,
})
const page = (personId: string, at: number) => ({
  at,
  personId,
  channel: 'email',
  step: 'first',
  monitorId: 'berlin-probe',
})
const played = (more: Partial<CutPlayed> = {}): CutPlayed => ({
  cutAt: 0,
  silentAfterMs: 3 * MINUTE,
  pages: [page('ana', 3 * MINUTE)],
  monitors: [monitor()],
  ...more,
})
const criterion: CutCriterion = {
  place: 'berlin',
  person: null,
  except: [],
  withinMs: 15 * MINUTE,
  outageMs: 15 * MINUTE,
}
const judged = (of: Partial<CutPlayed>, than: Partial<CutCriterion> = {}) =>
  judgeCut(played(of), { ...criterion, ...than })

test('calm, told in time and not blind passes, and says so', () => {
  const { outcome, reason, summary } = judged({})
  assert.deepEqual([outcome, reason], ['passed', 'all-noticed'])
  assert.equal(
    summary,
    'ana was paged by email after 3m; 15m is allowed. The monitor looked at from there stayed calm, and the places left would see an outage.',
  )
})

test('each way to fail has its reason, the worst first', () => {
  const bad = { monitors: [monitor({ badAfterMs: MINUTE, verdict: 'down', outageSeenAfterMs: null })] }
  const reasons: [string, ReturnType<typeof judged>][] = [
    ['false-alarm', judged(bad)],
    ['silence-unnoticed', judged({ silentAfterMs: null, pages: [] })],
    ['silence-unnoticed', judged({ silentAfterMs: 16 * MINUTE })],
    ['nobody-paged', judged({ pages: [] })],
    ['wrong-person', judged({}, { person: 'bo' })],
    ['too-late', judged({ pages: [page('ana', 16 * MINUTE)] })],
    ['outage-unseen', judged({ monitors: [monitor({ outageSeenAfterMs: null })] })],
    ['outage-unseen', judged({ monitors: [monitor({ outageSeenAfterMs: 16 * MINUTE })] })],
    ['outside-unseen', judged({ monitors: [monitor({ outsideSeenAfterMs: null })] })],
  ]
  for (const [reason, said] of reasons) {
    assert.deepEqual([said.outcome, said.reason], ['failed', reason])
    assert.ok(CUT_REASONS.includes(said.reason))
  }
  assert.match(reasons[6]![1].summary, /shop \(2 of 3\)/)
})

test('what may be blind is let go, what is not looked at from here cannot be broken from outside alone', () => {
  const blind = { monitors: [monitor({ outageSeenAfterMs: null, outsideSeenAfterMs: null })] }
  assert.equal(judged(blind, { except: ['shop'] }).outcome, 'passed')
  const outsideOnly = monitor({ places: ['berlin', 'tokyo'], outsideSeenAfterMs: null })
  assert.equal(judged({ monitors: [outsideOnly] }).outcome, 'passed')
})

test('a place from which nothing is looked at says so', () => {
  assert.match(judged({ monitors: [] }).summary, /No monitor is looked at from there/)
})
