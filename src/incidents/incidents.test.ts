import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import {
  person,
  type ResponseOptions,
  type ResponseWorld,
  responseWorld,
  START,
} from '../../test/harness/response.ts'
import { createSilence, endSilence } from '../alerts/index.ts'
import { systemActor } from '../engine/world.ts'
import { HOUR, MINUTE, SECOND } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { addNote } from './add-note.ts'
import { assignRole } from './assign-role.ts'
import { changeIncident } from './change-incident.ts'
import { incidentTimes } from './incident-times.rules.ts'
import { findIncident, listIncidents } from './incidents.rows.ts'
import { joinAlert } from './join-alert.ts'
import { linkIncidents } from './link-incidents.ts'
import { openIncident } from './open-incident.ts'
import { readTimeline } from './timeline.rows.ts'

let it: ResponseWorld
const ana = person('ana')

async function begin(options: ResponseOptions = {}): Promise<void> {
  it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }), options)
}
const all = () => listIncidents(it.store.read)
const only = async () => {
  const incidents = await all()
  assert.equal(incidents.length, 1)
  return incidents[0]!
}
const told = async (id: string) => (await readTimeline(it.store.read, id)).map((entry) => entry.text)

describe('incidents opened by rule', () => {
  beforeEach(() => begin())
  afterEach(() => it.close())

  test('a critical alert on a service opens one, with the story that led to it', async () => {
    await it.verdict('docs-port', 'up', 'down', { since: START - 90 * SECOND })
    await it.travel('30s')
    const incident = await only()
    assert.equal(incident.title, 'Documentation: docs-port is down')
    assert.equal(incident.severity, 'SEV2')
    assert.equal(incident.state, 'declared')
    assert.equal(incident.reason, 'opened-by-rule')
    assert.equal(incident.detection, 'monitor')
    assert.deepEqual(incident.serviceIds, ['docs'])
    assert.deepEqual(
      incident.alerts.map((alert) => alert.monitorId),
      ['docs-port'],
    )
    assert.equal(incident.impactStartedAt, START - 90 * SECOND)
    assert.equal(incident.detectedAt, START)
    const timeline = await readTimeline(it.store.read, incident.id)
    assert.deepEqual(
      timeline.map((entry) => entry.kind),
      ['verdict', 'alert', 'state', 'update'],
    )
    assert.equal(timeline[0]!.happenedAt, START - 90 * SECOND)
    assert.equal(timeline[0]!.writtenAt, START)
    assert.match(timeline[0]!.text, /^docs-port is down \(connect.refused\)/)
  })

  test('further alerts of the service join, those of another service do not', async () => {
    await it.alert('a')
    await it.alert('b', { severity: 'warning' })
    await it.alert('c', { serviceId: 'shop' })
    const incidents = await all()
    assert.deepEqual(
      incidents.map((incident) => incident.alerts.length),
      [1, 2],
    )
    assert.ok((await told(incidents[1]!.id)).includes('Alert joined the incident: b is down'))
  })

  test('warnings, proofs and alerts of no service open none', async () => {
    await it.alert('a', { severity: 'warning' })
    await it.alert('b', { source: 'proof' })
    await it.alert('c', { serviceId: null })
    assert.deepEqual(await all(), [])
  })

  test('a warning that turns critical opens one, counted from when it began', async () => {
    await it.alert('a', { severity: 'warning' })
    await it.travel('10m')
    await it.alert('a', { severity: 'critical' })
    const incident = await only()
    assert.equal(incident.detectedAt, START)
    assert.equal(incident.declaredAt, START + 10 * MINUTE)
    assert.equal(incident.alerts[0]!.severity, 'critical')
  })

  test('a silenced alert opens none until its silence ends', async () => {
    const silence = await createSilence(it.world, person('bo', 'editor'), {
      match: { serviceId: 'docs' },
      until: START + HOUR,
      reason: 'known',
    })
    await it.engine.drain()
    await it.alert('a')
    assert.deepEqual(await all(), [])
    await endSilence(it.world, person('bo', 'editor'), { silenceId: silence.id })
    await it.engine.drain()
    assert.equal((await only()).state, 'declared')
  })

  test('a drill opens nothing and stands in no timeline', async () => {
    await it.close()
    await begin({ drill: 'run-1' })
    await it.alert('a')
    assert.deepEqual(await all(), [])
    const facts = await it.facts('alert.opened')
    assert.equal(facts.length, 1)
    assert.equal(facts[0]!.drill, true)
  })

  test('rules say for which services, and with which severity', async () => {
    await it.close()
    await begin({
      incidents: {
        rules: [
          { severity: 'SEV1', when: { alertSeverity: 'critical', services: ['shop'] } },
          { severity: 'SEV4', when: { alertSeverity: 'warning' } },
        ],
      },
    })
    await it.alert('a')
    await it.alert('b', { serviceId: 'shop' })
    await it.alert('c', { serviceId: 'ledger', severity: 'warning' })
    assert.deepEqual(
      (await all()).map(({ severity }) => severity),
      ['SEV4', 'SEV1'],
    )
  })
})

describe('the end of an incident', () => {
  beforeEach(() => begin())
  afterEach(() => it.close())

  test('all alerts resolved: believed resolved, and resolved after the watch period as of its beginning', async () => {
    await it.alert('a')
    await it.alert('b')
    await it.travel('5m')
    await it.resolve('a')
    assert.equal((await only()).state, 'declared')
    await it.resolve('b')
    assert.equal((await only()).state, 'believed-resolved')
    await it.travel('9m59s')
    assert.equal((await only()).state, 'believed-resolved')
    await it.travel('1s')
    const incident = await only()
    assert.equal(incident.state, 'resolved')
    assert.equal(incident.reason, 'watch-period-passed')
    assert.equal(incident.resolvedAt, START + 5 * MINUTE)
    assert.equal(incident.mitigatedAt, null)
    assert.equal(incident.reopened, 0)
  })

  test('an alert within the watch period re-opens, which is counted; the watch begins anew', async () => {
    await it.alert('a')
    await it.resolve('a')
    for (const n of [1, 2]) {
      await it.travel('9m')
      await it.alert('a')
      const incident = await only()
      assert.equal(incident.state, 'declared')
      assert.equal(incident.reason, 'alert-opened-again')
      assert.equal(incident.reopened, n)
      await it.resolve('a')
    }
    await it.travel('9m')
    assert.equal((await only()).state, 'believed-resolved')
    await it.travel('1m')
    assert.equal((await only()).state, 'resolved')
    assert.ok((await told((await only()).id)).some((text) => text.includes('re-opened for the 2nd time')))
  })

  test('after the end, another alert opens another incident', async () => {
    await it.alert('a')
    await it.resolve('a')
    await it.travel('10m')
    await it.alert('a')
    assert.equal((await all()).length, 2)
  })

  test('an incident without alerts ends by hand only', async () => {
    const { id } = await openIncident(it.world, ana, {
      title: 'Slow',
      severity: 'SEV3',
      serviceIds: ['docs'],
    })
    await it.travel('2h')
    assert.equal((await findIncident(it.store.read, id))!.state, 'declared')
  })

  test('states by hand: mitigated, resolved, closed; closed is final', async () => {
    const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
    await it.travel('1m')
    const mitigated = await changeIncident(it.world, ana, { incidentId: id, state: 'mitigated' })
    assert.equal(mitigated.mitigatedAt, START + MINUTE)
    await it.travel('1m')
    await assert.rejects(
      changeIncident(it.world, ana, { incidentId: id, state: 'closed' }),
      /Resolve the incident/,
    )
    assert.equal(
      (await changeIncident(it.world, ana, { incidentId: id, state: 'resolved' })).resolvedAt,
      START + 2 * MINUTE,
    )
    const again = await changeIncident(it.world, ana, { incidentId: id, state: 'declared' })
    assert.deepEqual([again.reopened, again.resolvedAt, again.mitigatedAt], [1, null, null])
    await changeIncident(it.world, ana, { incidentId: id, state: 'resolved' })
    assert.equal(
      (await changeIncident(it.world, ana, { incidentId: id, state: 'closed' })).closedAt,
      START + 2 * MINUTE,
    )
    for (const state of ['declared', 'mitigated', 'believed-resolved', 'resolved'] as const)
      await assert.rejects(changeIncident(it.world, ana, { incidentId: id, state }), { code: 'wrong-state' })
  })
})

describe('what people do', () => {
  beforeEach(() => begin())
  afterEach(() => it.close())

  test('a viewer may change nothing', async () => {
    const cy = person('cy', 'viewer')
    const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
    for (const attempt of [
      () => openIncident(it.world, cy, { title: 'x', severity: 'SEV1' }),
      () => changeIncident(it.world, cy, { incidentId: id, title: 'x' }),
      () => assignRole(it.world, cy, { incidentId: id, role: 'scribe', personId: 'ana' }),
      () => addNote(it.world, cy, { incidentId: id, text: 'x' }),
      () => joinAlert(it.world, cy, { incidentId: id, alertId: 'x' }),
      () => linkIncidents(it.world, cy, { incidentId: id, toId: 'x', kind: 'same-trigger' }),
    ])
      await assert.rejects(attempt, { code: 'forbidden' })
    assert.equal((await readTimeline(it.store.read, id)).length, 1)
  })

  test('the input is checked, with its place', async () => {
    const bad: [object, RegExp][] = [
      [{ title: '', severity: 'SEV2' }, /title/],
      [{ title: 'a\nb', severity: 'SEV2' }, /control/],
      [{ title: 'x', severity: 'SEV9' }, /severity/],
      [{ title: 'x', severity: 'SEV2', serviceIds: ['nope'] }, /no service "nope"/],
      [{ title: 'x', severity: 'SEV2', impactStart: START + 1 }, /future/],
      [{ title: 'x', severity: 'SEV2', state: 'closed' }, /state/],
    ]
    for (const [input, message] of bad)
      await assert.rejects(openIncident(it.world, ana, input as never), (error: Error & { code: string }) => {
        assert.equal(error.code, 'invalid-input')
        assert.match(error.message, message)
        return true
      })
    assert.deepEqual(await all(), [])
  })

  test('roles are data; giving, passing on and laying down leave their entries', async () => {
    const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
    await assignRole(it.world, ana, { incidentId: id, role: 'liaison-to-vendor', personId: 'ana' })
    const passed = await assignRole(it.world, ana, {
      incidentId: id,
      role: 'liaison-to-vendor',
      personId: 'bo',
    })
    assert.deepEqual(
      passed.roles.map(({ role, personId }) => [role, personId]),
      [['liaison-to-vendor', 'bo']],
    )
    await assignRole(it.world, ana, { incidentId: id, role: 'liaison-to-vendor', personId: 'bo' })
    const down = await assignRole(it.world, ana, {
      incidentId: id,
      role: 'liaison-to-vendor',
      personId: null,
    })
    assert.deepEqual(down.roles, [])
    assert.deepEqual((await told(id)).slice(1), [
      'Ana Secret is liaison-to-vendor',
      'Bo is liaison-to-vendor, after Ana Secret',
      'Bo is no longer liaison-to-vendor',
    ])
    await assert.rejects(assignRole(it.world, ana, { incidentId: id, role: 'scribe', personId: 'nobody' }), {
      code: 'not-found',
    })
  })

  test('a note may tell of earlier, and a correction is another entry', async () => {
    const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
    await it.travel('10m')
    const note = await addNote(it.world, ana, {
      incidentId: id,
      text: 'restarted db',
      happenedAt: START + MINUTE,
    })
    assert.equal(note.happenedAt, START + MINUTE)
    assert.equal(note.writtenAt, START + 10 * MINUTE)
    const fix = await addNote(it.world, ana, { incidentId: id, text: 'restarted web', corrects: note.id })
    assert.equal(fix.happenedAt, note.happenedAt)
    assert.deepEqual((await told(id)).slice(1), ['restarted db', 'restarted web'])
    await assert.rejects(
      addNote(it.world, ana, { incidentId: id, text: 'x', happenedAt: START + HOUR }),
      /future/,
    )
    const other = await openIncident(it.world, ana, { title: 'Other', severity: 'SEV3' })
    await assert.rejects(addNote(it.world, ana, { incidentId: other.id, text: 'x', corrects: note.id }), {
      code: 'not-found',
    })
  })

  test('recorded times may be corrected and taken back; formulas follow', async () => {
    await it.travel('1h')
    const { id } = await openIncident(it.world, ana, {
      title: 'Slow',
      severity: 'SEV3',
      detection: 'customer',
    })
    await it.travel('5m')
    const changed = await changeIncident(it.world, ana, {
      incidentId: id,
      state: 'resolved',
      impactStart: START,
      mitigatedAt: START + HOUR,
    })
    const ttr = incidentTimes(changed).metrics.find(({ name }) => name === 'TTR')!
    assert.deepEqual([ttr.ms, ttr.text], [65 * MINUTE, '1h 5m'])
    const back = await changeIncident(it.world, ana, { incidentId: id, impactStart: null })
    assert.equal(incidentTimes(back).metrics.find(({ name }) => name === 'TTR')!.status, 'not recorded')
    assert.ok((await told(id)).at(-1)!.includes('impact start from 2026-01-08T12:00:00.000Z to not recorded'))
  })

  test('the first acknowledgement of any alert is the one that counts', async () => {
    const a = await it.alert('a')
    const b = await it.alert('b')
    await it.travel('3m')
    await it.acknowledge(b)
    await it.travel('3m')
    await it.acknowledge(a)
    const incident = await only()
    assert.equal(incident.acknowledgedAt, START + 3 * MINUTE)
    assert.equal(incidentTimes(incident).metrics.find(({ name }) => name === 'TTA')!.ms, 3 * MINUTE)
    assert.ok((await told(incident.id)).includes('Acknowledged by Ana Secret (browser)'))
  })

  test('an alert is put to an incident by hand, with its story, and to one only', async () => {
    const alertId = await it.alert('a', { severity: 'warning' })
    await it.acknowledge(alertId)
    await it.travel('5m')
    const mine = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3', alertId })
    await it.engine.drain()
    assert.deepEqual(mine.serviceIds, ['docs'])
    assert.equal(mine.acknowledgedAt, START)
    const timeline = await readTimeline(it.store.read, mine.id)
    assert.deepEqual(
      timeline.map(({ kind }) => kind),
      ['alert', 'acknowledgement', 'state', 'update'],
    )
    const other = await openIncident(it.world, ana, { title: 'Other', severity: 'SEV3' })
    await assert.rejects(joinAlert(it.world, ana, { incidentId: other.id, alertId }), { code: 'duplicate' })
  })

  test('linked incidents know of each other, and how', async () => {
    const one = await openIncident(it.world, ana, { title: 'Address conflict', severity: 'SEV3' })
    const two = await openIncident(it.world, ana, { title: 'Leak', severity: 'SEV2' })
    const linked = await linkIncidents(it.world, ana, {
      incidentId: one.id,
      toId: two.id,
      kind: 'caused-while-resolving',
    })
    assert.deepEqual(linked.links, [{ kind: 'caused-while-resolving', direction: 'to', incidentId: two.id }])
    assert.equal((await findIncident(it.store.read, two.id))!.links[0]!.direction, 'from')
    await linkIncidents(it.world, ana, { incidentId: one.id, toId: two.id, kind: 'caused-while-resolving' })
    assert.equal((await it.facts('incident.linked')).length, 1)
    assert.ok((await told(one.id)).includes('Caused while resolving: Leak'))
    assert.ok((await told(two.id)).some((text) => text.endsWith('to: Address conflict')))
  })

  test('every change is a fact of its actor', async () => {
    const { id } = await openIncident(it.world, ana, { title: 'Slow', severity: 'SEV3' })
    await changeIncident(it.world, ana, {
      incidentId: id,
      severity: 'SEV1',
      title: 'Very slow',
      state: 'mitigated',
    })
    const facts = (await it.facts()).filter(({ subject }) => subject === id)
    assert.deepEqual(
      facts.map(({ type }) => type),
      ['incident.opened', 'incident.state-changed', 'incident.severity-changed', 'incident.changed'],
    )
    assert.ok(facts.every(({ actor }) => actor === ana.id))
    assert.notEqual(systemActor('incidents').id, ana.id)
  })
})
