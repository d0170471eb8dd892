import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MINUTE } from '../../kit/duration.ts'
import { buildSteps } from './build-steps.rules.ts'
import { decideAnswer, decideMove, mayReadAnswer, stepsShown } from './exercise.rules.ts'

const NIGHT = Date.UTC(2026, 0, 5, 22, 37)
const line = (minutes: number, text: string, knownAfter = 0, what = 'note') => ({
  at: NIGHT + minutes * MINUTE,
  knownAt: NIGHT + (minutes + knownAfter) * MINUTE,
  what,
  text,
})

describe('the steps of an exercise', () => {
  test('an alarm of the evening that was read in the morning belongs to the morning', () => {
    const steps = buildSteps([
      line(0, 'an alarm', 9 * 60),
      line(30, 'calls fail'),
      line(9 * 60 + 1, 'it is read'),
    ])
    assert.deepEqual(
      steps.map(({ lines }) => lines.map(({ text }) => text)),
      [['calls fail'], ['an alarm', 'it is read']],
    )
    assert.equal(steps[1]!.lines[0]!.at, NIGHT, 'it says when it had happened')
  })

  test('what is made of it afterwards is left out', () => {
    const lines = [line(0, 'down'), line(60, 'drafted', 0, 'postmortem'), line(61, 'do better', 0, 'action')]
    assert.equal(buildSteps(lines).length, 1)
  })

  test('whatever the timeline: in order, nothing lost, nothing shown before it was known, no more than asked for', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ at: fc.integer({ min: 0, max: 3_000 }), known: fc.integer({ min: 0, max: 600 }) }),
          { minLength: 1, maxLength: 60 },
        ),
        fc.integer({ min: 1, max: 12 }),
        (drawn, most) => {
          const lines = drawn.map(({ at, known }, i) => line(at, `${i}`, known))
          const steps = buildSteps(lines, most)
          assert.ok(steps.length >= 1 && steps.length <= most)
          assert.deepEqual(
            steps.flatMap((step) => step.lines.map(({ text }) => text)).sort(),
            lines.map(({ text }) => text).sort(),
          )
          for (const [i, step] of steps.entries()) {
            if (i > 0) assert.ok(step.at > steps[i - 1]!.at)
            // Within two minutes is at once.
            for (const { text } of step.lines) assert.ok(step.at >= lines[Number(text)]!.knownAt - 2 * MINUTE)
          }
        },
      ),
    ))
})

const RUNNING = { state: 'running' as const, step: 2, facilitatorId: 'ana', steps: [1, 2, 3] }
const ANA = { personId: 'ana', mayAll: false }

describe('leading and answering', () => {
  test('the facilitator moves it on, an administrator may, nobody else does', () => {
    assert.deepEqual(decideMove(RUNNING, ANA, { to: 'next', from: 2 }), {
      outcome: 'move',
      state: 'running',
      step: 3,
      reason: 'moved-on',
    })
    assert.equal(
      decideMove(RUNNING, { personId: 'cy', mayAll: true }, { to: 'next', from: 2 }).outcome,
      'move',
    )
    assert.equal(
      decideMove(RUNNING, { personId: 'bo', mayAll: false }, { to: 'next', from: 2 }).reason,
      'not-the-facilitator',
    )
    assert.equal(
      decideMove(RUNNING, { personId: null, mayAll: false }, { to: 'end', from: 2 }).reason,
      'not-the-facilitator',
    )
  })

  test('a second press of the same button is refused, and so is moving what is over', () => {
    assert.equal(decideMove(RUNNING, ANA, { to: 'next', from: 1 }).reason, 'moved-meanwhile')
    assert.equal(decideMove({ ...RUNNING, state: 'ended' }, ANA, { to: 'next', from: 2 }).reason, 'over')
  })

  test('it begins, ends after the last step, or earlier', () => {
    const reasonOf = (step: number, to: 'next' | 'end' = 'next') =>
      decideMove({ ...RUNNING, state: step === 0 ? 'gathering' : 'running', step } as never, ANA, {
        to,
        from: step,
      }).reason
    assert.equal(reasonOf(0), 'begun')
    assert.equal(reasonOf(3), 'all-shown')
    assert.equal(reasonOf(3, 'end'), 'all-shown')
    assert.equal(reasonOf(1, 'end'), 'ended-early')
  })

  test('only what is asked now is answered, by people at the table', () => {
    const reasonOf = (given: object, exercise: object = RUNNING) =>
      decideAnswer(exercise as never, { step: 2, question: 'look', personId: 'bo', joined: true, ...given })
        .reason
    assert.equal(reasonOf({}), 'asked')
    assert.equal(reasonOf({ step: 1 }), 'not-asked')
    assert.equal(reasonOf({ step: 3 }), 'not-asked')
    assert.equal(reasonOf({ joined: false }), 'not-joined')
    assert.equal(reasonOf({ personId: null }), 'no-person')
    assert.equal(reasonOf({}, { ...RUNNING, state: 'ended' }), 'not-asked')
  })

  test('nobody reads along before the step is over, but the facilitator and the one who wrote it', () => {
    const answer = { step: 2, personId: 'bo' }
    assert.equal(mayReadAnswer(RUNNING, answer, 'bo'), true)
    assert.equal(mayReadAnswer(RUNNING, answer, 'ana'), true)
    assert.equal(mayReadAnswer(RUNNING, answer, 'cy'), false)
    assert.equal(mayReadAnswer(RUNNING, answer, null), false)
    assert.equal(mayReadAnswer({ ...RUNNING, step: 3 }, answer, 'cy'), true)
    assert.equal(mayReadAnswer({ ...RUNNING, state: 'ended' }, answer, null), true)
  })

  test('what is to come is not shown before the end', () => {
    assert.equal(stepsShown({ ...RUNNING, state: 'gathering', step: 0 }), 0)
    assert.equal(stepsShown(RUNNING), 2)
    assert.equal(stepsShown({ ...RUNNING, state: 'ended' }), 3)
  })
})
