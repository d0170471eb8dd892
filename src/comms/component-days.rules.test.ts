import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from '../kit/duration.ts'
import { componentDays, dayOf } from './component-days.rules.ts'
import { worse } from './component-status.rules.ts'
import { COMPONENT_STATUSES, type ComponentStatus } from './status-page.ts'

const NOON = Date.UTC(2026, 2, 10, 12)

/** Changes on full hours of the days before, each at an hour of its own. */
const hours = fc.uniqueArray(
  fc.record({ hour: fc.integer({ min: 1, max: 24 * 6 }), status: fc.constantFrom(...COMPONENT_STATUSES) }),
  { selector: ({ hour }) => hour, maxLength: 12 },
)

test('property: bars and share are what counting hour by hour gives', () => {
  fc.assert(
    fc.property(hours, fc.integer({ min: 1, max: 5 }), (some, count) => {
      const changes = some.map(({ hour, status }) => ({ at: NOON - hour * HOUR, status }))
      const ordered = changes.toSorted((a, b) => a.at - b.at)
      const begin = Math.floor(NOON / DAY) * DAY - (count - 1) * DAY
      const worst = new Map<string, ComponentStatus>()
      let known = 0
      let out = 0
      for (let at = begin; at < NOON; at += HOUR) {
        const status = ordered.filter((change) => change.at <= at).at(-1)?.status
        if (!status) continue
        worst.set(dayOf(at), worse(worst.get(dayOf(at)) ?? status, status))
        known++
        if (status === 'partial_outage' || status === 'major_outage') out++
      }
      const { days, availability } = componentDays(changes, NOON, count)
      assert.deepEqual(
        days.map(({ day, status }) => [day, status]),
        days.map(({ day }) => [day, worst.get(day) ?? null]),
      )
      if (known === 0) assert.equal(availability, null)
      else assert.ok(Math.abs(availability! - (known - out) / known) < 1e-9)
    }),
  )
})

test('the days lie side by side across a leap day and the turn of a year, the last is today', () => {
  const days = (at: number, count: number) => componentDays([], at, count).days.map(({ day }) => day)
  assert.deepEqual(days(Date.UTC(2028, 2, 1, 0), 3), ['2028-02-28', '2028-02-29', '2028-03-01'])
  assert.deepEqual(days(Date.UTC(2026, 0, 1, 23, 59, 59, 999), 2), ['2025-12-31', '2026-01-01'])
})

test('what ends at midnight does not darken the day that begins', () => {
  const midnight = Date.UTC(2026, 2, 10)
  const { days } = componentDays(
    [
      { at: midnight - HOUR, status: 'major_outage' },
      { at: midnight, status: 'operational' },
    ],
    NOON,
    2,
  )
  assert.deepEqual(
    days.map(({ status }) => status),
    ['major_outage', 'operational'],
  )
})

test('degraded and planned work are no outage', () => {
  for (const status of ['degraded_performance', 'under_maintenance', 'operational'] as const)
    assert.equal(componentDays([{ at: NOON - DAY, status }], NOON, 3).availability, 1)
  for (const status of ['partial_outage', 'major_outage'] as const)
    assert.equal(componentDays([{ at: NOON - DAY, status }], NOON, 3).availability, 0)
})
