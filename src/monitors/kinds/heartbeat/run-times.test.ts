/** What is due when, where clocks change: croner's answers, written down so that another version cannot change them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR, MINUTE } from '../../../kit/duration.ts'
import { firstRunAfter, nextRunAfter, runsMissed, type Timing } from './run-times.rules.ts'

const timing = (schedule: string, timezone: string): Timing => ({
  every: undefined,
  schedule,
  timezone,
  startGrace: 10 * MINUTE,
  maxRun: undefined,
})

/** Schedule, zone, an instant before, and the instants that follow, all in UTC. */
const TABLE: [string, string, string, string, string[]][] = [
  [
    'Paris skips 02:00 to 03:00: what is fixed within runs when the gap is over',
    '30 2 * * *',
    'Europe/Paris',
    '2026-03-28T00:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'Paris has 02:30 twice: it runs once, at the first',
    '30 2 * * *',
    'Europe/Paris',
    '2026-10-24T12:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'each hour in Paris goes on through the gap',
    '30 * * * *',
    'Europe/Paris',
    '2026-03-29T00:00Z',
    ['2026-03-29T00:30Z', '2026-03-29T01:30Z', '2026-03-29T02:30Z'],
  ],
  [
    'each hour in Paris runs in both of the hours that are called two',
    '30 * * * *',
    'Europe/Paris',
    '2026-10-24T23:50Z',
    ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z'],
  ],
  [
    'several times within the hour that Paris skips are left out that day',
    '*/30 2 * * *',
    'Europe/Paris',
    '2026-03-28T00:00Z',
    ['2026-03-28T01:00Z', '2026-03-28T01:30Z', '2026-03-30T00:00Z'],
  ],
  [
    'New York skips 02:00 to 03:00',
    '30 2 * * *',
    'America/New_York',
    '2026-03-07T00:00Z',
    ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'],
  ],
  [
    'New York has 01:30 twice',
    '30 1 * * *',
    'America/New_York',
    '2026-10-31T00:00Z',
    ['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  [
    'Lord Howe skips half an hour',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-02T16:00Z',
    ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  ],
  [
    'Lord Howe has half an hour twice',
    '45 1 * * *',
    'Australia/Lord_Howe',
    '2026-04-03T15:00Z',
    ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
  ],
  [
    'UTC knows no change',
    '30 2 * * *',
    'UTC',
    '2026-03-28T12:00Z',
    ['2026-03-29T02:30Z', '2026-03-30T02:30Z'],
  ],
]

describe('schedules over changes of the clock', () => {
  for (const [what, schedule, zone, since, expected] of TABLE)
    test(what, () => {
      let at = Date.parse(since)
      const found = expected.map(() => {
        at = firstRunAfter(timing(schedule, zone), at)
        return new Date(at).toISOString().replace(':00.000Z', 'Z')
      })
      assert.deepEqual(found, expected)
    })

  test('the night of the gap is no late night, and the long night no missed one', () => {
    const paris = timing('30 2 * * *', 'Europe/Paris')
    const spring = Date.parse('2026-03-28T01:31Z')
    assert.equal(nextRunAfter(paris, spring) - spring, 23 * HOUR + 29 * MINUTE)
    const autumn = Date.parse('2026-10-24T00:31Z')
    assert.equal(nextRunAfter(paris, autumn) - autumn, 24 * HOUR - MINUTE)
    assert.equal(nextRunAfter(paris, autumn + 24 * HOUR) - autumn, 49 * HOUR - MINUTE)
  })

  test('a ping a little before its time means the run about to be due, and no other', () => {
    const paris = timing('30 2 * * *', 'Europe/Paris')
    const due = Date.parse('2026-03-29T01:00Z')
    assert.equal(nextRunAfter(paris, due - 20_000), Date.parse('2026-03-30T00:30Z'))
    assert.equal(nextRunAfter(paris, due - 40_000), due)
  })

  test('missed runs are those whose grace is over', () => {
    const paris = timing('30 2 * * *', 'Europe/Paris')
    const due = Date.parse('2026-03-28T01:30Z')
    assert.deepEqual(runsMissed(paris, due, due + 9 * MINUTE, 10), [])
    assert.equal(runsMissed(paris, due, due + 10 * MINUTE, 10).length, 1)
    assert.equal(runsMissed(paris, due, due + 72 * HOUR, 10).length, 4)
    assert.equal(runsMissed(paris, due, due + 720 * HOUR, 10).length, 10)
    assert.deepEqual(runsMissed({ ...paris, schedule: '0 3 30 2 *' }, Number.MAX_SAFE_INTEGER, due, 10), [])
  })
})
