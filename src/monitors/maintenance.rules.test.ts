import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isCovered, type Maintenance, nextBoundary, standingOf } from './maintenance.rules.ts'

const at = (text: string) => Date.parse(text)
const base = {
  id: 'm',
  name: 'm',
  monitors: ['docs'],
  services: ['web'],
  managedBy: 'file',
  endedAt: null,
} as const
const once = (from: string, to: string): Maintenance => ({
  ...base,
  monitors: [...base.monitors],
  services: [...base.services],
  when: { from: at(from), to: at(to) },
})
const weekly: Maintenance = {
  ...once('2026-01-01T00:00Z', '2026-01-01T00:00Z'),
  when: { cron: '0 2 * * 0', duration: 2 * 3_600_000, timezone: 'Europe/Paris' },
}

describe('maintenance at an instant', () => {
  const window = once('2026-05-01T10:00Z', '2026-05-01T12:00Z')
  const table: [Maintenance, string, string, string][] = [
    [window, '2026-05-01T09:59Z', 'planned', 'not-yet'],
    [window, '2026-05-01T10:00Z', 'running', 'in-window'],
    [window, '2026-05-01T11:59Z', 'running', 'in-window'],
    [window, '2026-05-01T12:00Z', 'over', 'window-passed'],
    [{ ...window, endedAt: at('2026-05-01T11:00Z') }, '2026-05-01T11:30Z', 'over', 'ended-early'],
    // Sunday, 2 o'clock in Paris: 1 o'clock UTC in winter.
    [weekly, '2026-01-04T00:59Z', 'planned', 'not-yet'],
    [weekly, '2026-01-04T01:00Z', 'running', 'in-window'],
    [weekly, '2026-01-04T02:59Z', 'running', 'in-window'],
    [weekly, '2026-01-04T03:00Z', 'planned', 'not-yet'],
    [weekly, '2026-07-05T00:30Z', 'running', 'in-window'],
    // The night on which 2 o'clock does not exist.
    [weekly, '2026-03-29T01:30Z', 'running', 'in-window'],
    [{ ...weekly, endedAt: at('2026-01-04T01:30Z') }, '2026-01-04T02:00Z', 'over', 'ended-early'],
    [{ ...weekly, endedAt: at('2026-01-04T01:30Z') }, '2026-01-11T01:30Z', 'running', 'in-window'],
  ]
  for (const [maintenance, now, state, reason] of table)
    test(`${now}: ${state}, ${reason}`, () => {
      const standing = standingOf(maintenance, at(now))
      assert.deepEqual([standing.state, standing.reason], [state, reason])
    })

  test('the next boundary is the nearest of all', () => {
    const now = at('2026-01-03T00:00Z')
    assert.equal(nextBoundary([window, weekly], now), at('2026-01-04T01:00Z'))
    assert.equal(nextBoundary([window, weekly], at('2026-01-04T01:00Z')), at('2026-01-04T03:00Z'))
    assert.equal(nextBoundary([once('2025-01-01T00:00Z', '2025-01-02T00:00Z')], now), null)
  })

  test('a monitor is covered by itself or by its service', () => {
    const now = at('2026-05-01T11:00Z')
    assert.equal(isCovered({ id: 'docs', serviceId: 'other' }, [window], now), true)
    assert.equal(isCovered({ id: 'other', serviceId: 'web' }, [window], now), true)
    assert.equal(isCovered({ id: 'other', serviceId: 'other' }, [window], now), false)
    assert.equal(isCovered({ id: 'docs', serviceId: 'web' }, [window], at('2026-05-01T13:00Z')), false)
  })
})
