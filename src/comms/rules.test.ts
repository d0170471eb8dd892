import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from '../kit/duration.ts'
import { decideAutoUpdate, listNames } from './auto-update.rules.ts'
import { componentDays } from './component-days.rules.ts'
import { type ComponentInputs, decideComponent, decideOverall, impactOf } from './component-status.rules.ts'
import { statusPageConfig } from './config.ts'
import { COMPONENT_STATUSES, IMPACTS, UPDATE_STATUSES, type UpdateStatus } from './status-page.ts'

const quiet: ComponentInputs = {
  automatic: true,
  maintenance: false,
  alerts: [],
  monitors: [{ id: 'a' }],
  incidents: [],
}
const critical = { severity: 'critical', monitorId: 'a' } as const
const warning = { severity: 'warning', monitorId: 'a' } as const
const incident = { impact: 'critical', status: 'investigating', hasAlerts: false } as const

describe('how a component stands', () => {
  test('a table of decisions', () => {
    const two = [{ id: 'a' }, { id: 'b' }]
    const table: [string, Partial<ComponentInputs>, string][] = [
      ['nothing', {}, 'operational quiet'],
      ['a warning', { alerts: [warning] }, 'degraded_performance warning-alert'],
      ['critical, its only monitor', { alerts: [critical] }, 'major_outage critical-alert'],
      [
        'critical, one of two monitors',
        { alerts: [critical], monitors: two },
        'partial_outage some-monitors-down',
      ],
      [
        'critical, both monitors',
        { alerts: [critical, { severity: 'critical', monitorId: 'b' }], monitors: two },
        'major_outage critical-alert',
      ],
      [
        'one critical, one warning',
        { alerts: [critical, { severity: 'warning', monitorId: 'b' }], monitors: two },
        'partial_outage some-monitors-down',
      ],
      [
        'raised by a person',
        { alerts: [{ ...critical, monitorId: null }], monitors: two },
        'major_outage critical-alert',
      ],
      ['planned work', { maintenance: true, alerts: [critical] }, 'under_maintenance maintenance'],
      ['an incident without alerts', { incidents: [incident] }, 'major_outage incident'],
      ['being watched', { incidents: [{ ...incident, status: 'monitoring' }] }, 'operational quiet'],
      [
        'alerts speak better',
        { alerts: [warning], incidents: [{ ...incident, hasAlerts: true }] },
        'degraded_performance warning-alert',
      ],
      ['no impact', { incidents: [{ ...incident, impact: 'none' }] }, 'operational quiet'],
      ['by hand, alerts are silent', { automatic: false, alerts: [critical] }, 'operational quiet'],
      [
        'by hand, incidents speak',
        {
          automatic: false,
          alerts: [critical],
          incidents: [{ ...incident, impact: 'minor', hasAlerts: true }],
        },
        'degraded_performance incident',
      ],
    ]
    for (const [name, inputs, expected] of table) {
      const { status, reason } = decideComponent({ ...quiet, ...inputs })
      assert.equal(`${status} ${reason}`, expected, name)
    }
  })

  test('more trouble never makes it look better', () => {
    const alerts = fc.array(
      fc.record({
        severity: fc.constantFrom('critical' as const, 'warning' as const),
        monitorId: fc.option(fc.constantFrom('a', 'b', 'c')),
      }),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(
        alerts,
        alerts,
        fc.subarray([{ id: 'a' }, { id: 'b' }, { id: 'c' }]),
        (some, more, monitors) => {
          const rank = (which: typeof some) =>
            COMPONENT_STATUSES.indexOf(decideComponent({ ...quiet, monitors, alerts: which }).status)
          assert.ok(rank([...some, ...more]) >= rank(some))
        },
      ),
    )
  })

  test('the headline is that of the worst component', () => {
    assert.deepEqual(decideOverall([], []), { indicator: 'none', description: 'All Systems Operational' })
    assert.equal(decideOverall(['operational', 'partial_outage'], []).indicator, 'major')
    assert.equal(decideOverall(['under_maintenance', 'operational'], []).indicator, 'maintenance')
    assert.equal(decideOverall(['degraded_performance'], []).indicator, 'minor')
    assert.equal(decideOverall(['major_outage', 'operational'], []).indicator, 'critical')
    const incident = (status: UpdateStatus, serviceIds: string[] = []) =>
      ({ impact: 'critical', status, serviceIds }) as const
    assert.equal(decideOverall([], [incident('identified')]).indicator, 'critical')
    // Named components say better how they stand now; without one, only the incident can say it.
    assert.equal(decideOverall(['operational'], [incident('investigating', ['docs'])]).indicator, 'none')
    assert.equal(decideOverall(['operational'], [incident('investigating')]).indicator, 'critical')
    assert.equal(decideOverall(['under_maintenance'], [incident('investigating')]).indicator, 'critical')
    assert.equal(
      decideOverall(['partial_outage'], [{ ...incident('identified'), impact: 'minor' }]).indicator,
      'major',
    )
    for (const status of ['monitoring', 'resolved'] as const)
      assert.equal(decideOverall(['operational'], [incident(status)]).indicator, 'none')
    assert.deepEqual((['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const).map(impactOf), [
      'critical',
      'major',
      'minor',
      'none',
    ])
  })
})

describe('the days of a component', () => {
  const now = Date.UTC(2026, 0, 10, 12)
  const day = (n: number) => Date.UTC(2026, 0, n)

  test('each day shows its worst state; before the first nothing is known', () => {
    const { days, availability } = componentDays(
      [
        { at: day(7), status: 'operational' },
        { at: day(8) + HOUR, status: 'major_outage' },
        { at: day(8) + 2 * HOUR, status: 'degraded_performance' },
        { at: day(9) + HOUR, status: 'operational' },
      ],
      now,
      5,
    )
    assert.deepEqual(
      days.map(({ day: name, status }) => `${name} ${status}`),
      [
        '2026-01-06 null',
        '2026-01-07 operational',
        '2026-01-08 major_outage',
        '2026-01-09 degraded_performance',
        '2026-01-10 operational',
      ],
    )
    assert.equal(availability, 1 - HOUR / (3 * DAY + 12 * HOUR))
  })

  test('nothing known is not a hundred per cent', () => {
    const { days, availability } = componentDays([], now, 3)
    assert.equal(availability, null)
    assert.ok(days.every(({ status }) => status === null))
    assert.equal(componentDays([{ at: now, status: 'major_outage' }], now, 1).days[0]!.status, 'major_outage')
  })

  test('an outage from before the first day still counts', () => {
    const { days, availability } = componentDays([{ at: day(1), status: 'partial_outage' }], now, 3)
    assert.deepEqual([availability, days[0]!.status], [0, 'partial_outage'])
  })

  test('the share lies between nothing and all, and the days are as many as asked for', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.integer({ min: day(1), max: now }),
            status: fc.constantFrom(...COMPONENT_STATUSES),
          }),
        ),
        fc.integer({ min: 1, max: 90 }),
        (changes, count) => {
          const { days, availability } = componentDays(changes, now, count)
          assert.equal(days.length, count)
          assert.equal(days.at(-1)!.day, '2026-01-10')
          if (availability !== null) assert.ok(availability >= 0 && availability <= 1)
        },
      ),
    )
  })
})

describe('what Tocsin says by itself', () => {
  const known = { automatic: true, services: ['Documentation'], status: null }

  test('a table of turns', () => {
    const table: [Parameters<typeof decideAutoUpdate>[0], object, string][] = [
      ['opened', {}, 'investigating: We are investigating a problem with Documentation.'],
      ['opened', { status: 'identified' }, 'said-already'],
      ['opened', { automatic: false }, 'switched-off'],
      ['opened', { services: [] }, 'no-public-service'],
      [
        'believed-resolved',
        { status: 'investigating' },
        'monitoring: We believe that the problem with Documentation is over, and keep watching.',
      ],
      ['believed-resolved', { status: 'monitoring' }, 'said-already'],
      ['resolved', { status: 'monitoring' }, 'resolved: The problem with Documentation is resolved.'],
      ['resolved', { status: 'resolved' }, 'said-already'],
      ['resolved', {}, 'not-public'],
      [
        'reopened',
        { status: 'resolved' },
        'investigating: The problem with Documentation has come back. We are investigating it.',
      ],
      ['reopened', { status: 'identified' }, 'said-already'],
    ]
    for (const [turn, more, expected] of table) {
      const decision = decideAutoUpdate(turn, { ...known, ...more })
      assert.equal(
        decision.outcome === 'publish' ? `${decision.status}: ${decision.body}` : decision.reason,
        expected,
      )
    }
  })

  test('the words hold the names of services and nothing else', () => {
    assert.equal(listNames(['A', 'B', 'C']), 'A, B and C')
    const decision = decideAutoUpdate('opened', { ...known, services: ['__init__', '<b>'] })
    assert.equal(
      decision.outcome === 'publish' && decision.body,
      'We are investigating a problem with \\_\\_init\\_\\_ and \\<b\\>.',
    )
    for (const status of [null, ...UPDATE_STATUSES])
      assert.notEqual(decideAutoUpdate('resolved', { ...known, status }).reason, 'switched-off')
    assert.equal(IMPACTS.length, 4)
  })
})

test('the configuration refuses unknown keys and addresses that are none', () => {
  assert.equal(
    statusPageConfig.parse({ url: 'https://status.example.org/' }).url,
    'https://status.example.org',
  )
  for (const bad of [{ url: 'javascript:alert(1)' }, { url: 'status' }, { theme: 'x' }, { name: '' }])
    assert.equal(statusPageConfig.safeParse(bad).success, false, JSON.stringify(bad))
})
