import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { INCIDENT_DEFAULTS, incidentsConfig } from './config.ts'
import { INCIDENT_STATES, type IncidentState, OPEN_STATES } from './incident.ts'
import { incidentTimes } from './incident-times.rules.ts'
import { decideOpening, type OpeningAlert } from './opening.rules.ts'
import { decideAfterResolve, decideAfterWatch, decideMove, timesAfterMove } from './state.rules.ts'

const alert: OpeningAlert = {
  severity: 'critical',
  serviceId: 'docs',
  source: 'monitor',
  silenced: false,
  drill: false,
  linked: false,
}
const { rules } = INCIDENT_DEFAULTS

describe('opening', () => {
  test('a table of decisions', () => {
    const table: [Partial<OpeningAlert>, IncidentState | null, string][] = [
      [{}, null, 'open rule-matched'],
      [{ source: 'manual' }, null, 'open rule-matched'],
      [{ severity: 'warning' }, null, 'ignore no-rule'],
      [{ severity: 'warning' }, 'declared', 'join service-has-open-incident'],
      [{}, 'mitigated', 'join service-has-open-incident'],
      [{}, 'believed-resolved', 'join service-has-open-incident reopens'],
      [{ silenced: true }, 'declared', 'ignore silenced'],
      [{ source: 'proof' }, null, 'ignore not-an-outage'],
      [{ serviceId: null }, null, 'ignore no-service'],
      [{ linked: true }, 'declared', 'ignore linked-already'],
      [{ drill: true }, null, 'ignore drill'],
      [{ drill: true }, 'declared', 'ignore drill'],
    ]
    for (const [more, state, expected] of table) {
      const decision = decideOpening({ ...alert, ...more }, state && { state }, rules)
      const reopens = decision.outcome === 'join' && decision.reopens ? ' reopens' : ''
      assert.equal(`${decision.outcome} ${decision.reason}${reopens}`, expected, JSON.stringify(more))
    }
  })

  test('the first rule that matches decides; without rules people decide', () => {
    const two = incidentsConfig.parse({
      rules: [
        { severity: 'SEV1', when: { alertSeverity: 'critical', services: ['shop'] } },
        { severity: 'SEV3', when: { alertSeverity: 'critical' } },
      ],
    }).rules
    const severity = (serviceId: string) => {
      const decision = decideOpening({ ...alert, serviceId }, null, two)
      return decision.outcome === 'open' ? decision.severity : decision.reason
    }
    assert.deepEqual([severity('shop'), severity('docs')], ['SEV1', 'SEV3'])
    assert.equal(decideOpening(alert, null, []).reason, 'no-rule')
  })

  test('a drill never opens or joins, whatever else holds', () => {
    fc.assert(
      fc.property(
        fc.record({
          severity: fc.constantFrom('critical' as const, 'warning' as const),
          serviceId: fc.option(fc.string()),
          source: fc.constantFrom('monitor', 'proof', 'engine', 'manual'),
          silenced: fc.boolean(),
          linked: fc.boolean(),
        }),
        fc.option(fc.constantFrom(...OPEN_STATES)),
        (some, state) =>
          decideOpening({ ...some, drill: true }, state && { state }, rules).outcome === 'ignore',
      ),
    )
  })
})

describe('states', () => {
  test('every way, and no other', () => {
    const ways = INCIDENT_STATES.flatMap((from) =>
      INCIDENT_STATES.filter((to) => decideMove(from, to).outcome === 'move').map((to) => `${from} ${to}`),
    )
    assert.deepEqual(ways, [
      'declared mitigated',
      'declared believed-resolved',
      'declared resolved',
      'mitigated declared',
      'mitigated believed-resolved',
      'mitigated resolved',
      'believed-resolved declared',
      'believed-resolved mitigated',
      'believed-resolved resolved',
      'resolved declared',
      'resolved closed',
    ])
  })

  test('going back counts as a re-opening only from what was thought to be over', () => {
    const reopens = (from: IncidentState, to: IncidentState) => {
      const decision = decideMove(from, to)
      return decision.outcome === 'move' && decision.reopens
    }
    assert.equal(reopens('mitigated', 'declared'), false)
    assert.equal(reopens('believed-resolved', 'declared'), true)
    assert.equal(reopens('believed-resolved', 'mitigated'), true)
    assert.equal(reopens('resolved', 'declared'), true)
    assert.equal(reopens('believed-resolved', 'resolved'), false)
  })

  test('along any path, an open incident has no time of resolution and a resolved one has', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...INCIDENT_STATES), { maxLength: 12 }), (path) => {
        let at = 1_000
        let incident = {
          state: 'declared' as IncidentState,
          since: at,
          mitigatedAt: null as number | null,
          resolvedAt: null as number | null,
          closedAt: null as number | null,
        }
        for (const to of path) {
          at += 10
          if (decideMove(incident.state, to).outcome !== 'move') continue
          incident = { ...timesAfterMove(incident, to, at), state: to, since: at }
          assert.equal(incident.resolvedAt !== null, to === 'resolved' || to === 'closed')
          assert.equal(incident.closedAt !== null, to === 'closed')
          if (to === 'declared') assert.equal(incident.mitigatedAt, null)
        }
      }),
    )
  })

  test('quiet: only when every alert is over, and only from where it may', () => {
    const over = { linked: 2, open: 0 }
    const open = { linked: 2, open: 1 }
    assert.equal(decideAfterResolve({ state: 'declared', alerts: over }).outcome, 'move')
    assert.equal(decideAfterResolve({ state: 'mitigated', alerts: over }).outcome, 'move')
    assert.equal(decideAfterResolve({ state: 'declared', alerts: open }).reason, 'alerts-open')
    assert.equal(
      decideAfterResolve({ state: 'declared', alerts: { linked: 0, open: 0 } }).reason,
      'no-alerts',
    )
    for (const state of ['resolved', 'closed'] as const)
      assert.equal(decideAfterResolve({ state, alerts: over }).reason, 'state-moved-on')
    // A person believed it before the last alert was over: then the watch has to begin anew.
    assert.equal(decideAfterResolve({ state: 'believed-resolved', alerts: over }).outcome, 'watch-anew')
    assert.equal(decideAfterResolve({ state: 'believed-resolved', alerts: open }).reason, 'alerts-open')
    assert.equal(decideAfterWatch({ state: 'believed-resolved', alerts: over }).outcome, 'move')
    assert.equal(decideAfterWatch({ state: 'believed-resolved', alerts: open }).reason, 'alerts-open')
    assert.equal(decideAfterWatch({ state: 'declared', alerts: over }).reason, 'state-moved-on')
  })
})

describe('times', () => {
  const none = {
    impactStartedAt: null,
    detectedAt: null,
    declaredAt: 0,
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    alerts: [],
  }

  test('each number stands beside its formula', () => {
    const { metrics, times } = incidentTimes({
      impactStartedAt: 1_000,
      detectedAt: 61_000,
      declaredAt: 70_000,
      acknowledgedAt: 121_000,
      mitigatedAt: 301_000,
      resolvedAt: 601_000,
      alerts: [{ openedAt: 65_000 }, { openedAt: 61_000 }],
    })
    assert.deepEqual(
      metrics.map(({ formula, ms, text, status }) => [formula, ms, text, status]),
      [
        ['TTD = impact start → detected', 60_000, '1m', 'recorded'],
        ['TTA = first alert → acknowledged', 60_000, '1m', 'recorded'],
        ['TTM = impact start → mitigated', 300_000, '5m', 'recorded'],
        ['TTR = impact start → resolved', 600_000, '10m', 'recorded'],
      ],
    )
    assert.deepEqual(
      times.map(({ name }) => name),
      ['impact start', 'detected', 'declared', 'acknowledged', 'mitigated', 'resolved'],
    )
  })

  test('what is missing is not recorded, and says what is missing', () => {
    const { metrics } = incidentTimes({ ...none, impactStartedAt: 1 })
    assert.deepEqual(
      metrics.map(({ ms, text, why }) => [ms, text, why]),
      [
        [null, 'not recorded', 'detected not recorded'],
        [null, 'not recorded', 'first alert and acknowledged not recorded'],
        [null, 'not recorded', 'mitigated not recorded'],
        [null, 'not recorded', 'resolved not recorded'],
      ],
    )
  })

  test('no number is ever negative, and none comes from a missing time', () => {
    const time = fc.option(fc.integer({ min: 0, max: 1e13 }))
    fc.assert(
      fc.property(
        fc.record({
          impactStartedAt: time,
          detectedAt: time,
          declaredAt: fc.nat(),
          acknowledgedAt: time,
          mitigatedAt: time,
          resolvedAt: time,
          alerts: fc.array(fc.record({ openedAt: fc.nat() }), { maxLength: 3 }),
        }),
        (incident) => {
          for (const { name, ms, status } of incidentTimes(incident).metrics) {
            assert.equal(ms !== null, status === 'recorded')
            if (ms !== null) assert.ok(ms >= 0)
            if (name !== 'TTA' && incident.impactStartedAt === null) assert.equal(status, 'not recorded')
          }
        },
      ),
    )
  })
})

describe('configuration', () => {
  test('durations are read, unknown keys and severities are refused', () => {
    assert.equal(incidentsConfig.parse({ believedResolvedFor: '1h30m' }).believedResolvedFor, 5_400_000)
    for (const bad of [
      { believedResolvedFor: 'soon' },
      { rule: [] },
      { rules: [{ severity: 'SEV0', when: { alertSeverity: 'critical' } }] },
      { rules: [{ severity: 'SEV1', when: {} }] },
      { rules: [{ severity: 'SEV1', when: { alertSeverity: 'critical', services: [] } }] },
    ])
      assert.equal(incidentsConfig.safeParse(bad).success, false, JSON.stringify(bad))
  })
})
