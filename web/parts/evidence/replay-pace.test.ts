import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { drawnUntil, momentAt, nextMoment, paceOf, phasesOf, watchedAt } from './replay-pace.ts'

const HOUR = 3_600_000
const moments = fc.array(fc.integer({ min: -HOUR, max: 100 * HOUR }), { minLength: 1, maxLength: 60 })

describe('the pace of a replay', () => {
  test('quiet hours pass in a breath, and moments close together can be told apart', () => {
    const pace = paceOf([0, 1_000, 2_000, 40 * HOUR])
    const gaps = pace.shownAt.slice(1).map((at, place) => at - pace.shownAt[place]!)
    assert.deepEqual(gaps, [250, 250, 1_600])
  })

  test('watching goes forward, from the first moment to the last', () => {
    fc.assert(
      fc.property(moments, (given) => {
        const pace = paceOf(given)
        assert.equal(momentAt(pace, 0), Math.min(0, ...given))
        assert.equal(momentAt(pace, pace.length), Math.max(0, ...given))
        let before = Number.NEGATIVE_INFINITY
        for (let watched = 0; watched <= pace.length; watched += 200) {
          const moment = momentAt(pace, watched)
          assert.ok(moment >= before)
          before = moment
        }
      }),
    )
  })

  test('whoever goes to a moment sees it, and goes on from there', () => {
    fc.assert(
      fc.property(moments, fc.nat(), (given, at) => {
        const pace = paceOf(given)
        const moment = given[at % given.length]!
        assert.ok(Math.abs(momentAt(pace, watchedAt(pace, moment)) - moment) < 1e-3)
        const next = nextMoment(pace, moment)
        assert.equal(next, [...given, 0].filter((one) => one > moment).sort((a, b) => a - b)[0] ?? null)
      }),
    )
  })
})

test('a long tail is not drawn, and whatever decides is', () => {
  const phases = { noticed: 2 * HOUR, reached: null }
  assert.equal(drawnUntil(60 * HOUR, [phases]), 4 * HOUR)
  assert.equal(drawnUntil(6 * HOUR, [phases]), 6 * HOUR)
  assert.equal(drawnUntil(6 * HOUR, [{ noticed: null, reached: null }]), 6 * HOUR)
})

test('what would come of it has its phases: an alert, and a page', () => {
  const line = (afterMs: number, what: string) => ({ afterMs, what })
  assert.deepEqual(phasesOf([line(-5, 'alert'), line(60, 'verdict'), line(90, 'alert'), line(95, 'page')]), {
    noticed: 90,
    reached: 95,
  })
  assert.deepEqual(phasesOf([line(60, 'verdict')]), { noticed: null, reached: null })
})
