import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Shift } from '../../../src/contract/oncall.ts'
import { type Gap, joinGaps, layOut, placeIn, weeksFrom } from './calendar.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
// Whole and half hours, both halves of the earth, a change of clocks at midnight, and none at all.
const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Apia',
]
const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})
const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 11, 31) })
const shift = (from: number, to: number): Shift => ({
  personId: 'ana',
  personName: 'Ana',
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  override: false,
  overrideId: null,
  reachable: true,
})

for (const name of ZONES)
  describe(`the calendar in ${name}`, () => {
    test('every week begins on a Monday, joins the next and holds the present in the first', () => {
      process.env.TZ = name
      fc.assert(
        fc.property(instants, (now) => {
          const weeks = weeksFrom(now, 6)
          assert.ok(weeks[0]!.from <= now && now < weeks[0]!.to)
          weeks.forEach((week, place) => {
            assert.equal(new Date(week.from).getDay(), 1)
            assert.equal(week.days[0], week.from)
            if (place > 0) assert.equal(week.from, weeks[place - 1]!.to)
            const dates = week.days.map((midnight) => new Date(midnight).getDate())
            assert.equal(new Set(dates).size, 7, 'seven different dates, over the end of a month too')
          })
        }),
      )
    })

    test('no day is wider than another, and time never runs backwards in a row', () => {
      process.env.TZ = name
      fc.assert(
        fc.property(
          instants,
          fc.integer({ min: 0, max: 7 * DAY }),
          fc.integer({ min: 0, max: DAY }),
          (now, at, on) => {
            const [week] = weeksFrom(now, 1)
            week!.days.forEach((midnight, day) => {
              assert.ok(Math.abs(placeIn(week!, midnight) - day / 7) < 1e-9)
            })
            const before = placeIn(week!, week!.from + at)
            const after = placeIn(week!, week!.from + at + on)
            assert.ok(before >= 0 && after <= 1 && before <= after)
          },
        ),
      )
    })

    test('shifts that follow each other fill a row without a gap or an overlap', () => {
      process.env.TZ = name
      const lengths = fc.array(fc.integer({ min: 1, max: 5 * DAY }), { minLength: 1, maxLength: 12 })
      fc.assert(
        fc.property(instants, lengths, (now, all) => {
          const [week] = weeksFrom(now, 1)
          let at = week!.from - DAY
          const shifts = all.map((length) => {
            at += length
            return shift(at - length, at)
          })
          const pieces = layOut(shifts.toReversed(), week!)
          pieces.forEach((piece, place) => {
            const next = pieces[place + 1]
            if (next) assert.ok(Math.abs(piece.left + piece.width - next.left) < 1e-9)
            assert.equal(piece.opensBefore, Date.parse(piece.shift.from) < week!.from)
            assert.equal(piece.goesOn, Date.parse(piece.shift.to) > week!.to)
          })
          const covered = pieces.reduce((sum, { width }) => sum + width, 0)
          assert.ok(Math.abs(covered - placeIn(week!, at)) < 1e-6)
        }),
      )
    })
  })

test('joining gaps loses no time, and joining what is joined changes nothing', () => {
  const gaps = fc.array(
    fc.record({
      scheduleId: fc.constantFrom('a', 'b'),
      reason: fc.constantFrom('nobody', 'no-verified-contact'),
      from: fc.integer({ min: 0, max: 200 }),
      length: fc.integer({ min: 1, max: 20 }),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(gaps, (given) => {
      const iso = (hour: number) => new Date(hour * HOUR).toISOString()
      // One schedule has one reason at a time.
      const taken = new Set<string>()
      const apart = given.filter(({ scheduleId, from, length }) => {
        const hours = Array.from({ length }, (_, hour) => `${scheduleId} ${from + hour}`)
        if (hours.some((hour) => taken.has(hour))) return false
        for (const hour of hours) taken.add(hour)
        return true
      })
      const all = apart.map(({ scheduleId, reason, from, length }) => ({
        scheduleId,
        reason,
        from: iso(from),
        to: iso(from + length),
      }))
      const kept = structuredClone(all)
      const joined = joinGaps(all)
      const time = (list: readonly Gap[]) =>
        list.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0)
      assert.equal(time(joined), time(all))
      assert.deepEqual(joinGaps(joined), joined)
      assert.deepEqual(all, kept, 'what was given stays as it was')
    }),
  )
})
