import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterQuiet, isQuiet } from './quiet-hours.ts'

const NIGHT = { from: '20:00', until: '08:00' }
const NOON = { from: '12:00', until: '13:30' }
const at = (text: string) => Date.parse(text)

for (const [what, now, zone, quiet, next] of [
  ['in the evening', '2026-01-05T20:00:00Z', 'UTC', NIGHT, '2026-01-06T08:00:00Z'],
  ['a minute before', '2026-01-05T19:59:59Z', 'UTC', NIGHT, null],
  ['after midnight', '2026-01-06T03:12:00Z', 'UTC', NIGHT, '2026-01-06T08:00:00Z'],
  ['at its end', '2026-01-06T08:00:00Z', 'UTC', NIGHT, null],
  ['at noon', '2026-01-05T12:40:00Z', 'UTC', NOON, '2026-01-05T13:30:00Z'],
  ['where somebody lives', '2026-01-05T09:00:00Z', 'America/Los_Angeles', NIGHT, '2026-01-05T16:00:00Z'],
  ['where the day has begun', '2026-01-05T23:30:00Z', 'Asia/Tokyo', NIGHT, null],
  ['over a night of 23 hours', '2026-03-28T21:00:00Z', 'Europe/Paris', NIGHT, '2026-03-29T06:00:00Z'],
  ['over a night of 25 hours', '2026-10-24T21:00:00Z', 'Europe/Paris', NIGHT, '2026-10-25T07:00:00Z'],
  [
    'until a time that the clocks skip',
    '2026-03-29T00:30:00Z',
    'Europe/Paris',
    { from: '01:00', until: '02:30' },
    '2026-03-29T01:30:00Z',
  ],
] as const)
  test(`quiet hours: ${what}`, () => {
    assert.equal(isQuiet(at(now), zone, quiet), next !== null)
    assert.equal(
      new Date(afterQuiet(at(now), zone, quiet)).toISOString(),
      new Date(next ?? now).toISOString(),
    )
  })

test('without quiet hours, and where they last no time, nobody waits', () => {
  const now = at('2026-01-05T23:00:00Z')
  assert.equal(afterQuiet(now, 'UTC', null), now)
  assert.equal(afterQuiet(now, 'UTC', { from: '08:00', until: '08:00' }), now)
})
