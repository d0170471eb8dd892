import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { travelClock } from '../kit/clock.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { verdictChanged } from './facts.ts'
import { isCovered, type Maintenance, nextBoundary, standingOf } from './maintenance.rules.ts'
import { findMonitor } from './monitors.rows.ts'
import { openMonitorsWorld, seen } from './world-for-tests.ts'

const at = (text: string) => Date.parse(text)
const recurring = (cron: string, duration: number, timezone = 'Europe/Paris'): Maintenance => ({
  id: 'm',
  name: 'm',
  monitors: ['docs'],
  services: [],
  when: { cron, duration, timezone },
  managedBy: 'file',
  endedAt: null,
})

/** Every window between two instants, found by walking from boundary to boundary. */
function windows(maintenance: Maintenance, from: number, to: number): [string, number][] {
  const found: [string, number][] = []
  for (let now = from; ; ) {
    const next = nextBoundary([maintenance], now)
    if (next === null || next > to) return found
    assert.ok(next > now, 'boundaries go forward')
    const standing = standingOf(maintenance, next)
    if (standing.state === 'running' && standing.from === next)
      found.push([new Date(next).toISOString().slice(0, 16), (standing.to - next) / MINUTE])
    now = next
  }
}

describe('maintenance on the nights on which the clocks change', () => {
  const table: [string, Maintenance, string, string, [string, number][]][] = [
    [
      'before the hour that does not exist, an hour earlier in UTC afterwards',
      recurring('0 1 * * *', HOUR),
      '2026-03-28T12:00Z',
      '2026-03-30T12:00Z',
      [
        ['2026-03-29T00:00', 60],
        ['2026-03-29T23:00', 60],
      ],
    ],
    [
      'a window keeps its length while the clock jumps within it',
      recurring('30 1 * * *', 2 * HOUR),
      '2026-03-28T12:00Z',
      '2026-03-29T12:00Z',
      [['2026-03-29T00:30', 120]],
    ],
    [
      'in an hour that does not exist it begins once all the same',
      recurring('30 2 * * *', HOUR),
      '2026-03-28T12:00Z',
      '2026-03-29T12:00Z',
      [['2026-03-29T01:00', 60]],
    ],
    [
      'in the hour that comes twice it begins once',
      recurring('30 2 * * *', HOUR),
      '2026-10-24T12:00Z',
      '2026-10-25T12:00Z',
      [['2026-10-25T00:30', 60]],
    ],
    [
      'another zone changes on another night',
      recurring('0 3 * * *', HOUR, 'America/New_York'),
      '2026-03-07T12:00Z',
      '2026-03-09T12:00Z',
      [
        ['2026-03-08T07:00', 60],
        ['2026-03-09T07:00', 60],
      ],
    ],
  ]
  for (const [what, maintenance, from, to, expected] of table)
    test(what, () => assert.deepEqual(windows(maintenance, at(from), at(to)), expected))

  test('a year of nights: every one has its window, all of one length, none twice', () => {
    const zones = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 4, max: 22 }),
        fc.integer({ min: 1, max: 20 }),
        (zone, hour, hours) => {
          const nightly = recurring(`0 ${hour} * * *`, hours * HOUR, zone)
          const found = windows(nightly, at('2026-01-01T00:00Z'), at('2027-01-01T00:00Z'))
          assert.ok(found.length >= 364 && found.length <= 366, `${found.length} windows`)
          assert.ok(found.every(([, minutes]) => minutes === hours * 60))
        },
      ),
      { numRuns: 15 },
    )
  })

  test('what it says at an instant and when it says to change agree', () => {
    const weekly = recurring('0 2 * * 0', 3 * HOUR)
    const monitor = { id: 'docs', serviceId: 'web' }
    fc.assert(
      fc.property(fc.integer({ min: at('2026-03-20T00:00Z'), max: at('2026-04-05T00:00Z') }), (now) => {
        const next = nextBoundary([weekly], now)!
        const before = isCovered(monitor, [weekly], now)
        assert.equal(isCovered(monitor, [weekly], next - 1), before, 'nothing changes in between')
        assert.equal(isCovered(monitor, [weekly], next), !before)
        assert.ok(next - now <= 8 * DAY)
      }),
    )
  })

  test('a monitor that breaks in the window of such a night is told of when it ends, once', async () => {
    const store = await openStore({ directory: ':memory:', now: 0 })
    const clock = travelClock(at('2026-10-24T22:00Z'))
    const it = openMonitorsWorld(store, { clock })
    await it.configure({
      monitors: {
        docs: { service: 'docs', type: 'tcp', target: 'docs.lab.example:443', every: '60s', confirm: 1 },
      },
      maintenance: {
        patch: { monitors: ['docs'], cron: '0 2 * * *', duration: '2h', timezone: 'Europe/Paris' },
      },
    })
    await it.travel(2 * HOUR + 5 * MINUTE)
    assert.equal((await findMonitor(store.read, 'docs'))!.state.maintenance, true)
    it.sees.set('docs', seen('down', 'connect.refused'))
    await it.travel(3 * HOUR)
    const told = await it.facts<{ to: string; maintenance: boolean }>(verdictChanged.type)
    assert.deepEqual(
      told.map(({ writtenAt, data }) => [
        new Date(writtenAt).toISOString().slice(11, 16),
        data.to,
        data.maintenance,
      ]),
      [
        ['22:00', 'up', false],
        ['00:06', 'down', true],
        ['02:00', 'down', false],
      ],
    )
    await store.close()
  })
})
