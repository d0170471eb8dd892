import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { MonitorState } from './monitor.ts'
import { VERDICTS } from './observation.ts'
import { neverChecked, takeObservation } from './verdict.rules.ts'

const THRESHOLDS = { confirm: 2, recover: 2 }

/** Plays a line such as `up down:x down` and tells what each step came to. */
function play(line: string, from: MonitorState = neverChecked(0), thresholds = THRESHOLDS) {
  let state = from
  const outcomes: string[] = []
  line.split(' ').forEach((word, index) => {
    const [verdict, reason = verdict === 'up' ? 'ok' : 'bad'] = word.split(':') as [
      MonitorState['verdict'],
      string?,
    ]
    const step = takeObservation(state, { verdict, reason, summary: '' }, (index + 1) * 10, thresholds)
    state = step.state
    outcomes.push(step.outcome)
  })
  return { state, outcomes: outcomes.join(' ') }
}

describe('from observations to a confirmed verdict', () => {
  const cases: [string, string, string, number][] = [
    // line, outcomes, verdict:reason, since
    ['up', 'turned', 'up:ok', 10],
    ['up up', 'turned same', 'up:ok', 10],
    ['up down', 'turned waiting', 'up:ok', 10],
    ['up down down', 'turned waiting turned', 'down:bad', 20],
    ['up down up down', 'turned waiting dismissed waiting', 'up:ok', 10],
    ['up down up down down', 'turned waiting dismissed waiting turned', 'down:bad', 40],
    ['up degraded:slow down:gone', 'turned waiting turned', 'down:gone', 20],
    ['up down down up', 'turned waiting turned waiting', 'down:bad', 20],
    ['up down down up up', 'turned waiting turned waiting turned', 'up:ok', 40],
    ['up down down up down', 'turned waiting turned waiting dismissed', 'down:bad', 20],
    ['down', 'waiting', 'unknown:check.never-ran', 0],
    ['down down', 'waiting turned', 'down:bad', 10],
    ['up down:a down:a down:b', 'turned waiting turned waiting', 'down:a', 20],
    ['up down:a down:a down:b down:b', 'turned waiting turned waiting another-reason', 'down:b', 20],
    ['up down:a down:a down:b down:a', 'turned waiting turned waiting dismissed', 'down:a', 20],
    ['up down down unknown:check.crashed', 'turned waiting turned waiting', 'down:bad', 20],
  ]
  for (const [line, outcomes, confirmed, since] of cases)
    test(line, () => {
      const played = play(line)
      assert.equal(played.outcomes, outcomes)
      assert.equal(`${played.state.verdict}:${played.state.reason}`, confirmed)
      assert.equal(played.state.since, since)
    })

  const observation = fc.record({
    verdict: fc.constantFrom(...VERDICTS),
    reason: fc.constantFrom('a', 'b'),
    summary: fc.constant(''),
  })

  test('whatever is seen: the verdict turns only after enough agreeing checks in a row', () => {
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (seen, confirm, recover) => {
          let state = neverChecked(0)
          const wasGood: boolean[] = []
          seen.forEach((one, index) => {
            const before = state
            const step = takeObservation(state, one, index + 1, { confirm, recover })
            state = step.state
            wasGood.push(one.verdict === 'up')
            assert.ok(state.since <= index + 1)
            assert.ok((state.candidate?.count ?? 0) < Math.max(confirm, recover))
            if (step.outcome !== 'turned') {
              assert.equal(state.verdict, before.verdict)
              assert.equal(state.since, before.since)
              return
            }
            assert.equal(state.verdict, one.verdict)
            assert.equal(state.candidate, null)
            const needed = one.verdict === 'up' ? (before.verdict === 'unknown' ? 1 : recover) : confirm
            const last = wasGood.slice(-needed)
            assert.equal(last.length, needed)
            assert.ok(last.every((good) => good === (one.verdict === 'up')))
          })
        },
      ),
    )
  })

  test('whatever came before, enough of the same settles it', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 20 }), observation, (seen, last) => {
        let state = neverChecked(0)
        for (const one of [...seen, last, last, last, last])
          state = takeObservation(state, one, 1, { confirm: 3, recover: 2 }).state
        assert.equal(state.verdict, last.verdict)
        assert.equal(state.reason, last.reason)
        assert.equal(state.candidate, null)
      }),
    )
  })
})
