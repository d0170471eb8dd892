import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { leadingTime } from '../timeline.rules.ts'
import { hourOf } from './read-parts.ts'
import { readTimeAt } from './read-time.ts'
import {
  decideDayFirst,
  offsetOf,
  resolveTime,
  seasonConflict,
  sortKey,
  type TimeCursor,
  type TimeSetting,
} from './resolve-time.ts'

const setting: TimeSetting = {
  dayFirst: true,
  zone: null,
  year: null,
  today: { year: 2026, month: 1, day: 31 },
  anchor: { year: 2022, month: 3, day: 4 },
}
const fresh = (): TimeCursor => ({ day: null, minutes: null, zone: null })

/** The time that a text begins with, in the notation of the importer, with its end and its doubt. */
function read(text: string, more: Partial<TimeSetting> = {}): string | null {
  const found = readTimeAt(text, 0)
  if (!found) return null
  const all = { ...setting, ...more }
  const cursor = fresh()
  const start = resolveTime(found.start, cursor, all).iso
  const end = found.end ? `/${resolveTime(found.end, cursor, all).iso}` : found.open ? '/…' : ''
  return `${found.approx ? '~' : ''}${start}${end}`
}

describe('times as people write them', () => {
  const table: [string, string | null][] = [
    // dates
    ['2021-03-05', '2021-03-05'],
    ['2021/3/5', '2021-03-05'],
    ['2021.03.05', '2021-03-05'],
    ['20210305 10:00', '2021-03-05T10:00'],
    ['5 March 2021', '2021-03-05'],
    ['5th of March, 2021', '2021-03-05'],
    ['05-Mar-2021 10:00', '2021-03-05T10:00'],
    ['March 5, 2021', '2021-03-05'],
    ['Mar. 5th 2021', '2021-03-05'],
    ['March 2021', '2021-03'],
    ['Friday, March 5, 2021', '2021-03-05'],
    ['Fri 5 Mar 2021 at 10:00', '2021-03-05T10:00'],
    ['05.03.2021', '2021-03-05'],
    ['5.3.21 10:00', '2021-03-05T10:00'],
    ['05/03/2021', '2021-03-05'],
    ['25/12/2021', '2021-12-25'],
    ['12/25/2021', '2021-12-25'],
    ['5 mars 2021', '2021-03-05'],
    ['5. Oktober 2021', '2021-10-05'],
    // clocks
    ['10:30', '2022-03-04T10:30'],
    ['9:05', '2022-03-04T09:05'],
    ['10:30:59', '2022-03-04T10:30'],
    ['10:30:59.123Z', '2022-03-04T10:30Z'],
    ['10.30 Uhr', '2022-03-04T10:30'],
    ['10h30', '2022-03-04T10:30'],
    ['3pm', '2022-03-04T15:00'],
    ['3:15 p.m.', '2022-03-04T15:15'],
    ['12:05 am', '2022-03-04T00:05'],
    ['12 pm', '2022-03-04T12:00'],
    ['noon', '2022-03-04T12:00'],
    ['midnight', '2022-03-04T00:00'],
    ['1430 UTC', '2022-03-04T14:30Z'],
    ['1430Z', '2022-03-04T14:30Z'],
    ['14:30 hrs', '2022-03-04T14:30'],
    // zones
    ['2021-03-05T10:30:00Z', '2021-03-05T10:30Z'],
    ['2021-03-05T10:30:00-08:00', '2021-03-05T10:30-08:00'],
    ['2021-03-05 10:30 +0530', '2021-03-05T10:30+05:30'],
    ['2021-03-05 10:30 CET', '2021-03-05T10:30+01:00'],
    ['2021-07-05 10:30 (PDT)', '2021-07-05T10:30-07:00'],
    ['2021-07-05 10:30 PT', '2021-07-05T10:30-07:00'],
    ['2021-01-05 10:30 PT', '2021-01-05T10:30-08:00'],
    ['2021-03-05 10:30 UTC+2', '2021-03-05T10:30+02:00'],
    ['2021-07-05 10:30 Europe/Zurich', '2021-07-05T10:30+02:00'],
    // both, and the other way round
    ['2021-03-05, 10:30', '2021-03-05T10:30'],
    ['2021-03-05 | 10:30', '2021-03-05T10:30'],
    ['2021-03-05 - 10:30', '2021-03-05T10:30'],
    ['10:30 UTC on 5 March 2021', '2021-03-05T10:30Z'],
    ['10:30, 2021-03-05', '2021-03-05T10:30'],
    ['31.10.2022, 11.58', '2022-10-31T11:58'],
    // in brackets, about, and with words before
    ['[10:30]', '2022-03-04T10:30'],
    ['(10:30 UTC)', '2022-03-04T10:30Z'],
    ['~10:30', '~2022-03-04T10:30'],
    ['around 10:30', '~2022-03-04T10:30'],
    ['2021-03-05 ~ 10:30', '~2021-03-05T10:30'],
    ['At 10:30', '2022-03-04T10:30'],
    ['On March 5, 2021 at 10:30', '2021-03-05T10:30'],
    // spans of time
    ['10:30 - 11:15', '2022-03-04T10:30/2022-03-04T11:15'],
    ['10:30–11:15 UTC', '2022-03-04T10:30Z/2022-03-04T11:15Z'],
    ['09:30-10:15', '2022-03-04T09:30/2022-03-04T10:15'],
    ['from 10:30 to 11:15', '2022-03-04T10:30/2022-03-04T11:15'],
    ['2021-03-05 23:30 - 2021-03-06 01:00', '2021-03-05T23:30/2021-03-06T01:00'],
    ['2021-03-05 23:30 - 01:00', '2021-03-05T23:30/2021-03-06T01:00'],
    ['1:30 - 2:45 pm', '2022-03-04T13:30/2022-03-04T14:45'],
    ['10:30 onwards', '2022-03-04T10:30/…'],
    ['10:30 - onwards', '2022-03-04T10:30/…'],
    ['10:30 - ongoing', '2022-03-04T10:30/…'],
    // weekdays, from the day that the document is about: a Friday
    ['[Thursday 22:00]', '2022-03-03T22:00'],
    ['Friday morning', '~2022-03-04'],
    ['Mar 5', '2022-03-05'],
    // what is none
    ['10:75', null],
    ['25:00', null],
    ['2021-13-05', null],
    ['31 nodes', null],
    ['3h', null],
    ['5 hours later', null],
    ['10,000 users', null],
    ['1.2.3', null],
    ['192.168.1.12', null],
    ['10:30:40:50', null],
    ['v2021-03', null],
    ['Marching on', null],
    ['Sunny', null],
    ['monitor 5', null],
    ['20210305-abc', null],
    ['', null],
  ]
  for (const [text, expected] of table)
    test(`${JSON.stringify(text)} is ${expected ?? 'no time'}`, () => assert.equal(read(text), expected))

  test('month first, where the document says so', () => {
    assert.equal(read('05/03/2021', { dayFirst: false }), '2021-05-03')
    assert.deepEqual(
      decideDayFirst([
        { pair: [7, 5], year: 2024 },
        { pair: [7, 6], year: 2024 },
        { pair: [7, 7], year: 2024 },
      ]),
      { dayFirst: false, sure: true },
    )
    assert.deepEqual(
      decideDayFirst([
        { pair: [5, 7], year: 2024 },
        { pair: [6, 7], year: 2024 },
        { pair: [7, 7], year: 2024 },
      ]),
      { dayFirst: true, sure: true },
    )
    assert.equal(decideDayFirst([{ pair: [3, 4], year: 2024 }]).sure, false)
  })
})

describe('where an entry’s words begin', () => {
  for (const [text, rest] of [
    ['10:30 - The disk is full', 'The disk is full'],
    ['**10:30** – The disk', 'The disk'],
    ['[10:30] The disk', 'The disk'],
    ['10:30 UTC: The disk', 'The disk'],
    ['2021-03-05: The disk', 'The disk'],
    ['🔥 10:30 | The disk', 'The disk'],
    ['10:30 3 disks are full', '3 disks are full'],
    ['10:30 -5 degrees', '5 degrees'],
  ] as const)
    test(JSON.stringify(text), () => {
      const found = leadingTime(text.replaceAll('**', ''))
      assert.ok(found)
      assert.equal(text.replaceAll('**', '').slice(found.rest), rest)
    })

  for (const text of [
    'March 5 was a bad day',
    'Monday is quiet',
    '2021-03-05 was a bad day',
    '10:30pmish',
    'The disk at 10:30',
  ])
    test(`${JSON.stringify(text)} is a sentence`, () => assert.equal(leadingTime(text), null))
})

describe('what stands around a time', () => {
  const run = (texts: string[], more: Partial<TimeSetting> = {}) => {
    const cursor = fresh()
    return texts.map((text) => resolveTime(readTimeAt(text, 0)!.start, cursor, { ...setting, ...more }))
  }
  test('the date goes on to the entries after it', () => {
    assert.deepEqual(
      run(['2021-03-05 23:50', '23:58', '00:10', '2021-03-07 08:00', '07:59']).map(({ iso }) => iso),
      ['2021-03-05T23:50', '2021-03-05T23:58', '2021-03-06T00:10', '2021-03-07T08:00', '2021-03-07T07:59'],
    )
  })
  test('a clock of twelve hours goes round at noon', () => {
    const times = run(['2021-03-05 11:50', '12:20', '1:05', '2:30'])
    assert.deepEqual(
      times.map(({ iso }) => iso?.slice(11)),
      ['11:50', '12:20', '13:05', '14:30'],
    )
    assert.deepEqual(times[2]!.guesses, ['afternoon'])
  })
  test('a year that is not stated is that of the document, also past its end', () => {
    const anchor = { year: 2021, month: 12, day: 30 }
    assert.deepEqual(
      run(['Dec 30 10:00', 'Jan 2 09:00'], { anchor }).map(({ iso }) => iso),
      ['2021-12-30T10:00', '2022-01-02T09:00'],
    )
  })
  test('without any year the latest that fits the weekday is taken, and it is said', () => {
    const [one] = run(['Saturday, Nov 16 10:00'], { anchor: null })
    assert.deepEqual([one!.iso, one!.guesses], ['2024-11-16T10:00', ['year']])
  })
  test('without any date there is none', () => assert.equal(run(['10:30'], { anchor: null })[0]!.iso, null))
  test('letters of winter in summer are seen', () => {
    assert.deepEqual(seasonConflict('CET', { year: 2020, month: 6, day: 9 }, 660), { said: 60, real: 120 })
    assert.equal(seasonConflict('CET', { year: 2020, month: 1, day: 9 }, 660), null)
    assert.deepEqual(seasonConflict('PST', { year: 2020, month: 7, day: 1 }, 0), { said: -480, real: -420 })
    assert.equal(seasonConflict('UTC', { year: 2020, month: 7, day: 1 }, 0), null)
    assert.equal(seasonConflict('GMT', { year: 2020, month: 7, day: 1 }, 0), null)
  })
  test('zones that nobody knows give no offset', () => {
    assert.equal(offsetOf('Europe/Nowhere', { year: 2020, month: 1, day: 1 }, 0), null)
    assert.equal(offsetOf('XYZ', { year: 2020, month: 1, day: 1 }, 0), null)
  })
})

describe('for all times', () => {
  const pad = (n: number) => String(n).padStart(2, '0')
  const days = fc.record({
    year: fc.integer({ min: 1990, max: 2090 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
  })
  const clocks = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
  const MONTH = [
    'Jan',
    'February',
    'mar',
    'April',
    'MAY',
    'Jun',
    'July',
    'Aug',
    'Sept',
    'October',
    'Nov',
    'December',
  ]

  test('each way of writing the same moment is read as the same moment', () => {
    fc.assert(
      fc.property(days, clocks, ({ year, month, day }, { hour, minute }) => {
        const expected = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`
        const half = hour < 12 ? 'am' : 'pm'
        const name = MONTH[month - 1]!
        for (const text of [
          `${year}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}`,
          `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:07`,
          `${day} ${name} ${year}, ${pad(hour)}:${pad(minute)}`,
          `${name} ${day}, ${year} at ${hour % 12 || 12}:${pad(minute)} ${half}`,
          `${pad(day)}.${pad(month)}.${year}, ${pad(hour)}.${pad(minute)}`,
          `${pad(hour)}:${pad(minute)} on ${name} ${day}, ${year}`,
          `[${year}/${pad(month)}/${pad(day)} ${pad(hour)}:${pad(minute)}]`,
        ])
          assert.equal(read(text), expected, text)
      }),
    )
  })

  test('what is read lies within the text and is a time that can be', () => {
    const piece = fc.constantFrom(
      '10',
      ':',
      '30',
      ' ',
      '-',
      '2021',
      'Mar',
      '5',
      ',',
      'UTC',
      'pm',
      '~',
      '[',
      ']',
      '(',
      ')',
      '/',
      '.',
      'Mon',
      'at',
      'T',
      'Z',
      '+02:00',
      'noon',
      'h',
      '–',
      'to',
      '1',
      '0',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map((parts) => parts.join('')),
        (text) => {
          const found = readTimeAt(text, 0)
          if (!found) return
          assert.ok(found.from === 0 && found.to > 0 && found.to <= text.length)
          assert.ok(found.startFrom >= 0 && found.startTo <= text.length && found.startFrom < found.startTo)
          for (const point of [found.start, ...(found.end ? [found.end] : [])]) {
            assert.ok(point.month === null || (point.month >= 1 && point.month <= 12))
            assert.ok(point.day === null || (point.day >= 1 && point.day <= 31))
            assert.ok(point.minute === null || point.minute <= 59)
            const hour = hourOf(point)
            assert.ok(hour === null || (hour >= 0 && hour <= 24))
            const { iso } = resolveTime(point, fresh(), setting)
            if (iso !== null) assert.ok(Number.isFinite(sortKey(iso)), iso)
          }
        },
      ),
      { numRuns: 5_000 },
    )
  })

  test('a time is the same wherever it stands in a long text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), (before) => {
        const text = `${'x '.repeat(before)}2021-03-05 10:30 - 11:15 UTC: done${' y'.repeat(600)}`
        const found = readTimeAt(text, before * 2)!
        assert.equal(text.slice(found.from, found.to), '2021-03-05 10:30 - 11:15 UTC')
      }),
      { numRuns: 50 },
    )
  })
})
