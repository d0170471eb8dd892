import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { iso } from '../kit/clock.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'
import { finalSchedule, whoIsOnCall } from './final-schedule.rules.ts'
import type { ScheduleSpec } from './schedule.ts'

const weekly: ScheduleSpec = {
  rotation: 'weekly',
  from: '2026-01-05T09:00',
  timezone: 'Europe/Paris',
  order: ['ana', 'bo'],
}
const at = (text: string) => Date.parse(text)
const told = (
  spec: ScheduleSpec,
  from: string,
  to: string,
  overrides: Parameters<typeof finalSchedule>[1] = [],
) => finalSchedule(spec, overrides, at(from), at(to)).map((s) => `${iso(s.from)} ${iso(s.to)} ${s.personId}`)

describe('the final schedule', () => {
  test('hands over each week, in order', () => {
    assert.deepEqual(told(weekly, '2026-01-05T08:00Z', '2026-01-26T08:00Z'), [
      '2026-01-05T08:00:00.000Z 2026-01-12T08:00:00.000Z ana',
      '2026-01-12T08:00:00.000Z 2026-01-19T08:00:00.000Z bo',
      '2026-01-19T08:00:00.000Z 2026-01-26T08:00:00.000Z ana',
    ])
  })

  test('hands over at nine on the wall on both sides of the spring gap and the autumn fold', () => {
    assert.deepEqual(told(weekly, '2026-03-23T08:00Z', '2026-04-06T07:00Z'), [
      '2026-03-23T08:00:00.000Z 2026-03-30T07:00:00.000Z bo',
      '2026-03-30T07:00:00.000Z 2026-04-06T07:00:00.000Z ana',
    ])
    assert.deepEqual(told(weekly, '2026-10-19T07:00Z', '2026-11-02T08:00Z'), [
      '2026-10-19T07:00:00.000Z 2026-10-26T08:00:00.000Z bo',
      '2026-10-26T08:00:00.000Z 2026-11-02T08:00:00.000Z ana',
    ])
  })

  test('a hand-over inside the spring gap moves past it; one that happens twice is the first', () => {
    const night: ScheduleSpec = { ...weekly, rotation: 'daily', from: '2026-03-28T02:30' }
    assert.deepEqual(told(night, '2026-03-28T01:30Z', '2026-03-30T00:30Z'), [
      '2026-03-28T01:30:00.000Z 2026-03-29T01:30:00.000Z ana',
      '2026-03-29T01:30:00.000Z 2026-03-30T00:30:00.000Z bo',
    ])
    const fold: ScheduleSpec = { ...weekly, rotation: 'daily', from: '2026-10-24T02:30' }
    assert.deepEqual(told(fold, '2026-10-24T00:30Z', '2026-10-26T01:30Z'), [
      '2026-10-24T00:30:00.000Z 2026-10-25T00:30:00.000Z ana',
      '2026-10-25T00:30:00.000Z 2026-10-26T01:30:00.000Z bo',
    ])
  })

  test('a day that a zone leaves out makes no empty shift', () => {
    // Samoa went from 29 to 31 December 2011.
    const samoa: ScheduleSpec = {
      rotation: 'daily',
      from: '2011-12-29T09:00',
      timezone: 'Pacific/Apia',
      order: ['ana', 'bo', 'cleo'],
    }
    const shifts = finalSchedule(samoa, [], at('2011-12-29T19:00Z'), at('2012-01-01T19:00Z'))
    assert.ok(shifts.every((s) => s.from < s.to))
    assert.deepEqual(
      shifts.map((s) => s.personId),
      ['ana', 'cleo', 'ana'],
    )
  })

  test('before the first hand-over nobody is on call', () => {
    assert.deepEqual(told(weekly, '2026-01-04T08:00Z', '2026-01-06T08:00Z'), [
      '2026-01-04T08:00:00.000Z 2026-01-05T08:00:00.000Z null',
      '2026-01-05T08:00:00.000Z 2026-01-06T08:00:00.000Z ana',
    ])
    assert.equal(whoIsOnCall(weekly, [], at('2026-01-05T07:59:59Z')).via, 'nobody')
    assert.equal(whoIsOnCall({ ...weekly, order: [] }, [], at('2026-02-05T00:00Z')).personId, null)
  })

  const override = (id: string, personId: string, from: string, until: string, createdAt = 0) => ({
    id,
    personId,
    from: at(from),
    until: at(until),
    createdAt,
  })

  test('an override lies over the rotation, also across a hand-over, as one shift', () => {
    const cleo = override('o1', 'cleo', '2026-01-12T06:00Z', '2026-01-12T10:00Z')
    assert.deepEqual(told(weekly, '2026-01-12T00:00Z', '2026-01-13T00:00Z', [cleo]), [
      '2026-01-12T00:00:00.000Z 2026-01-12T06:00:00.000Z ana',
      '2026-01-12T06:00:00.000Z 2026-01-12T10:00:00.000Z cleo',
      '2026-01-12T10:00:00.000Z 2026-01-13T00:00:00.000Z bo',
    ])
  })

  test('among several overrides the one created last counts', () => {
    const first = override('o1', 'bo', '2026-01-06T00:00Z', '2026-01-07T00:00Z', 1)
    const second = override('o2', 'cleo', '2026-01-06T06:00Z', '2026-01-06T12:00Z', 2)
    const expected = [
      '2026-01-06T00:00:00.000Z 2026-01-06T06:00:00.000Z bo',
      '2026-01-06T06:00:00.000Z 2026-01-06T12:00:00.000Z cleo',
      '2026-01-06T12:00:00.000Z 2026-01-07T00:00:00.000Z bo',
    ]
    for (const both of [
      [first, second],
      [second, first],
    ])
      assert.deepEqual(told(weekly, '2026-01-06T00:00Z', '2026-01-07T00:00Z', both), expected)
  })

  const specs = fc.record({
    rotation: fc.constantFrom('daily' as const, 'weekly' as const),
    from: fc
      .record({
        month: fc.integer({ min: 1, max: 12 }),
        day: fc.integer({ min: 1, max: 28 }),
        minute: fc.integer({ min: 0, max: 1439 }),
      })
      .map(({ month, day, minute }) =>
        Temporal.PlainDateTime.from({ year: 2026, month, day })
          .add({ minutes: minute })
          .toString({ smallestUnit: 'minute' }),
      ),
    // Northern, southern, half-hour daylight saving, none at all, and one that is a quarter of an hour off.
    timezone: fc.constantFrom(
      'Europe/Paris',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
      'Asia/Kathmandu',
      'UTC',
    ),
    order: fc.uniqueArray(fc.constantFrom<string[]>('ana', 'bo', 'cleo', 'dee'), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  const begin = at('2026-01-01T00:00Z')
  const instants = fc.integer({ min: 0, max: 500 * 24 * 60 }).map((minutes) => begin + minutes * MINUTE)
  const overrides = fc
    .array(
      fc.record({
        id: fc.uuid(),
        personId: fc.constantFrom('x', 'y'),
        from: instants,
        length: fc.integer({ min: 1, max: 20 * 24 * 60 }),
        createdAt: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 5 },
    )
    .map((all) => all.map(({ length, ...o }) => ({ ...o, until: o.from + length * MINUTE })))

  test('property: shifts lie end to end over the whole span, and agree with the pager at every instant', () => {
    fc.assert(
      fc.property(specs, overrides, instants, fc.integer({ min: 1, max: 60 }), (spec, over, from, days) => {
        const to = from + days * DAY
        const shifts = finalSchedule(spec, over, from, to)
        assert.equal(shifts[0]!.from, from)
        assert.equal(shifts.at(-1)!.to, to)
        for (const [i, shift] of shifts.entries()) {
          assert.ok(shift.from < shift.to, 'no shift is empty')
          if (i > 0) assert.equal(shift.from, shifts[i - 1]!.to, 'no gap and no overlap')
          for (const instant of [shift.from, Math.floor((shift.from + shift.to) / 2), shift.to - 1])
            assert.equal(whoIsOnCall(spec, over, instant).personId, shift.personId)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('property: people follow one another in order, at one wall time', () => {
    fc.assert(
      fc.property(specs, instants, (spec, from) => {
        const shifts = finalSchedule(spec, [], from, from + 40 * DAY).filter((s) => s.via === 'rotation')
        for (const [i, shift] of shifts.slice(1).entries()) {
          const before = spec.order.indexOf(shifts[i]!.personId!)
          assert.equal(shift.personId, spec.order[(before + 1) % spec.order.length])
          const wall = Temporal.Instant.fromEpochMilliseconds(shift.from).toZonedDateTimeISO(spec.timezone)
          const wanted = Temporal.PlainTime.from(spec.from.slice(11))
          const late = wanted.until(wall.toPlainTime()).total('milliseconds')
          // Only a spring gap moves a hand-over, by what it skips.
          assert.ok(late === 0 || (late > 0 && late <= HOUR), `${wall} for ${wanted}`)
        }
      }),
      { numRuns: 150 },
    )
  })
})
