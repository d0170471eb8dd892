import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DAY, HOUR } from '../kit/duration.ts'
import { postmortemsConfig } from './config.ts'
import { decideReminder, dueDates, nextReminder, USUAL_DUE } from './due-dates.rules.ts'

const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const
const days = (config: object) => {
  const settings = postmortemsConfig.parse(config)
  return SEVERITIES.map((severity) => {
    const { draftDueAt, dueAt } = dueDates(settings, severity, 0)
    return [draftDueAt / DAY, dueAt / DAY]
  })
}

describe('when draft and review are due', () => {
  test('by severity, the worse the sooner', () => {
    assert.deepEqual(days({}), [
      [2, 5],
      [3, 7],
      [5, 14],
      [7, 14],
    ])
    for (const { draft, review } of Object.values(USUAL_DUE)) assert.ok(draft < review)
  })

  test('as the configuration says; one time for all stays what it was', () => {
    assert.deepEqual(days({ due: { SEV1: { draft: '1d', review: '3d' }, SEV3: { review: '30d' } } }), [
      [1, 3],
      [3, 7],
      [5, 30],
      [7, 14],
    ])
    assert.deepEqual(days({ reviewWithin: '4d', due: { SEV4: { review: '9d' } } }), [
      [2, 4],
      [3, 4],
      [4, 4],
      [7, 9],
    ])
  })

  test('a draft is never due after its review', () => {
    assert.deepEqual(days({ due: { SEV1: { draft: '9d' } } })[0], [9, 9])
    assert.deepEqual(days({ due: { SEV4: { review: '1d' } } })[3], [1, 1])
    assert.throws(
      () => postmortemsConfig.parse({ due: { SEV1: { draft: '5d', review: '2d' } } }),
      /draft must not/,
    )
    assert.throws(() => postmortemsConfig.parse({ due: { SEV9: { draft: '5d' } } }))
    assert.throws(() => postmortemsConfig.parse({ review: { remindEvery: '1m' } }))
  })

  test('what an older program stored has no such section', () => {
    const settings = { reviewWithin: DAY } as unknown as Parameters<typeof dueDates>[0]
    assert.deepEqual(dueDates(settings, 'SEV4', 0), { draftDueAt: DAY, dueAt: DAY })
  })
})

describe('reminders', () => {
  const draft = { state: 'draft', draftDueAt: 10 * DAY, dueAt: 20 * DAY }
  const inReview = { ...draft, state: 'in review' }
  const often = { remindBefore: DAY, remindEvery: 2 * DAY }

  test('come before, at the moment, and again and again', () => {
    const moments = []
    for (let at: number | null = 0; at !== null && moments.length < 5; ) {
      at = nextReminder(draft, at, often)
      if (at !== null) moments.push(at / DAY)
    }
    assert.deepEqual(moments, [9, 10, 12, 14, 16])
    assert.equal(nextReminder(inReview, 0, often), 19 * DAY)
    assert.equal(nextReminder(draft, 11 * DAY, often), 12 * DAY)
  })

  test('say what is awaited and how late it is', () => {
    assert.deepEqual(decideReminder(draft, 9 * DAY), {
      ...{ what: 'draft', reason: 'due-soon', dueAt: 10 * DAY, lateMs: 0 },
    })
    assert.equal(decideReminder(inReview, 20 * DAY).reason, 'due-now')
    assert.deepEqual(decideReminder(inReview, 20 * DAY + HOUR), {
      ...{ what: 'review', reason: 'late', dueAt: 20 * DAY, lateMs: HOUR },
    })
  })

  test('nobody waits for what is reviewed, closed, or came from elsewhere', () => {
    for (const one of [
      { ...draft, state: 'reviewed' },
      { ...draft, state: 'closed' },
      { ...draft, draftDueAt: null },
      { ...inReview, dueAt: null },
    ]) {
      assert.deepEqual(decideReminder(one, 99 * DAY), { what: 'none', reason: 'nobody-waits' })
      assert.equal(nextReminder(one, 0, often), null)
    }
  })
})
