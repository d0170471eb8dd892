import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Shift } from '../../../src/contract/oncall.ts'
import { hueOf, joinGaps, layOut, placeIn, weeksFrom } from './calendar.ts'

const HOUR = 3_600_000
const zone = process.env.TZ
before(() => {
  process.env.TZ = 'Europe/Paris'
})
after(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

function shift(from: string, to: string, personId: string | null = 'ana'): Shift {
  return { personId, personName: personId, from, to, override: false, overrideId: null, reachable: true }
}

describe('the weeks of the calendar', () => {
  test('begin on the Monday of the present week, at midnight where the reader is', () => {
    const weeks = weeksFrom(Date.UTC(2026, 10, 22, 22), 2)
    // 22:00 UTC on Sunday is still Sunday in Paris: the week began on the 16th.
    assert.equal(new Date(weeks[0]!.from).toISOString(), '2026-11-15T23:00:00.000Z')
    assert.equal(weeks[1]!.from, weeks[0]!.to)
    assert.equal(weeks[0]!.days.length, 7)
    const late = weeksFrom(Date.UTC(2026, 10, 22, 23, 30), 1)
    assert.equal(new Date(late[0]!.from).toISOString(), '2026-11-22T23:00:00.000Z')
  })

  test('are an hour shorter or longer where the clocks change', () => {
    assert.equal(weekLength(Date.UTC(2026, 2, 26)), 167 * HOUR)
    assert.equal(weekLength(Date.UTC(2026, 9, 22)), 169 * HOUR)
    assert.equal(weekLength(Date.UTC(2026, 10, 18)), 168 * HOUR)
  })

  test('have days of equal width whatever their length', () => {
    const [week] = weeksFrom(Date.UTC(2026, 9, 22), 1)
    week!.days.forEach((midnight, day) => {
      assert.ok(Math.abs(placeIn(week!, midnight) - day / 7) < 1e-9)
    })
    assert.equal(placeIn(week!, week!.from - HOUR), 0)
    assert.equal(placeIn(week!, week!.to + HOUR), 1)
  })
})

function weekLength(at: number): number {
  const [week] = weeksFrom(at, 1)
  return week!.to - week!.from
}

describe('shifts in a week', () => {
  const [week] = weeksFrom(Date.UTC(2026, 10, 18), 1)

  test('are cut at its ends and say so', () => {
    const [first, second] = layOut(
      [
        shift('2026-11-18T11:00:00Z', '2026-11-25T11:00:00Z', 'bo'),
        shift('2026-11-11T11:00:00Z', '2026-11-18T11:00:00Z'),
      ],
      week!,
    )
    assert.equal(first!.shift.personId, 'ana')
    assert.deepEqual([first!.left, first!.opensBefore, first!.goesOn], [0, true, false])
    // Wednesday noon in Paris is two and a half days into the week.
    assert.ok(Math.abs(first!.width - 2.5 / 7) < 1e-9)
    assert.ok(Math.abs(second!.left + second!.width - 1) < 1e-9)
    assert.deepEqual([second!.opensBefore, second!.goesOn], [false, true])
  })

  test('that only touch it are not in it', () => {
    const before = shift('2026-11-09T00:00:00Z', new Date(week!.from).toISOString())
    const after = shift(new Date(week!.to).toISOString(), '2026-12-09T00:00:00Z')
    assert.deepEqual(layOut([before, after], week!), [])
  })
})

test('a person keeps one colour', () => {
  assert.equal(hueOf('ana', 6), hueOf('ana', 6))
  for (const person of ['ana', 'bo', 'çelik', '']) {
    const hue = hueOf(person, 6)
    assert.ok(Number.isInteger(hue) && hue >= 0 && hue < 6)
  }
})

test('gaps that follow each other are one, those of another schedule or reason are not', () => {
  const gap = (scheduleId: string, from: number, to: number, reason = 'no-verified-contact') => ({
    scheduleId,
    from: `2026-11-0${from}T00:00:00Z`,
    to: `2026-11-0${to}T00:00:00Z`,
    reason,
  })
  const joined = joinGaps([
    gap('b', 1, 2),
    gap('a', 2, 3),
    gap('a', 1, 2),
    gap('a', 5, 6),
    gap('a', 6, 7, 'nobody'),
  ])
  assert.deepEqual(joined, [gap('a', 1, 3), gap('a', 5, 6), gap('a', 6, 7, 'nobody'), gap('b', 1, 2)])
})
