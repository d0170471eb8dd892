import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { type OncallWorld, oncallWorld, person } from '../../test/harness/oncall.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { factParked } from '../engine/listeners.ts'
import { systemActor } from '../engine/world.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { monitorConfigured, verdictChanged } from '../monitors/index.ts'
import { acknowledgeAlertIn } from './acknowledge-alert.ts'
import { findAlert, listAlerts, listUnresolved } from './alert.rows.ts'
import { createSilence } from './create-silence.ts'
import { endSilence } from './end-silence.ts'
import { openAlertIn } from './open-alert.ts'
import { listSilences } from './silence.rows.ts'

type To = 'up' | 'degraded' | 'down' | 'unknown'
const actor = systemActor('test')

onEveryStore('alerts', (under) => {
  let it: OncallWorld
  beforeEach(async () => {
    it = await oncallWorld(await under.open())
  })
  afterEach(() => it.store.close())

  async function verdict(
    to: To,
    more: { maintenance?: boolean; since?: number; monitorId?: string } = {},
  ): Promise<void> {
    const monitorId = more.monitorId ?? 'docs-tls'
    await it.world.transact((tx) =>
      verdictChanged.append(tx, it.world, {
        subject: monitorId,
        actor,
        data: {
          monitorId,
          serviceId: 'docs',
          monitorName: 'Docs certificate',
          from: 'up',
          to,
          reason: to === 'up' ? 'well' : 'certificate.expired',
          summary: `it is ${to}`,
          target: 'docs.example.org:443',
          since: more.since ?? it.clock.now(),
          maintenance: more.maintenance ?? false,
        },
      }),
    )
    await it.travel('1s')
  }
  const unresolved = () => listUnresolved(it.store.read)
  const told = async (alertId: string) =>
    (await it.facts(alertId)).filter((f) => f.type.startsWith('alert.')).map((f) => f.type)

  test('a monitor that goes down opens a critical alert, and its recovery resolves it', async () => {
    await verdict('down', { since: it.clock.now() - MINUTE })
    const [alert] = await unresolved()
    assert.equal(alert!.title, 'Docs certificate is down')
    assert.equal(alert!.summary, 'it is down — docs.example.org:443')
    assert.deepEqual(
      [alert!.severity, alert!.reason, alert!.state, alert!.source, alert!.openedAt - alert!.beganAt],
      ['critical', 'certificate.expired', 'open', 'monitor', MINUTE],
    )
    await verdict('up')
    assert.deepEqual(await unresolved(), [])
    const resolved = (await findAlert(it.store.read, alert!.id))!
    assert.deepEqual([resolved.state, resolved.resolvedReason], ['resolved', 'recovered'])
    assert.deepEqual(await told(alert!.id), ['alert.opened', 'alert.resolved'])
  })

  test('what breaks again after it was resolved is a new alert', async () => {
    await verdict('down')
    await verdict('up')
    await verdict('down')
    const { items } = await listAlerts(it.store.read)
    assert.deepEqual(
      items.map((a) => a.state),
      ['open', 'resolved'],
    )
  })

  test('degraded, then down, is one alert that got worse', async () => {
    await verdict('degraded')
    const [first] = await unresolved()
    await it.world.transact((tx) =>
      acknowledgeAlertIn(tx, it.world, person('ana'), { alertId: first!.id, via: 'api' }),
    )
    await verdict('down')
    const [alert] = await unresolved()
    assert.deepEqual([alert!.id, alert!.severity, alert!.state], [first!.id, 'critical', 'open'])
    assert.deepEqual(await told(alert!.id), ['alert.opened', 'alert.acknowledged', 'alert.changed'])
    await verdict('unknown')
    assert.equal((await unresolved())[0]!.severity, 'critical')
    await verdict('degraded')
    assert.equal((await unresolved())[0]!.severity, 'warning')
  })

  test('a monitor that is not being checked is an alert; one in maintenance is not', async () => {
    await verdict('unknown')
    assert.deepEqual(
      (await unresolved()).map((a) => [a.title, a.severity]),
      [['Docs certificate is not being checked', 'warning']],
    )
    await verdict('up')
    await verdict('down', { maintenance: true })
    assert.deepEqual(await unresolved(), [])
    // The monitor says so again when its maintenance is over and it is still down.
    await verdict('down')
    assert.equal((await unresolved()).length, 1)
  })

  test('a monitor that is removed or disabled leaves no alert behind', async () => {
    for (const [monitorId, change, enabled] of [
      ['a', 'removed', true],
      ['b', 'changed', false],
    ] as const) {
      await verdict('down', { monitorId })
      await it.world.transact((tx) =>
        monitorConfigured.append(tx, it.world, {
          subject: monitorId,
          actor,
          data: { monitorId, serviceId: 'docs', kind: 'tls', version: 2, enabled, change },
        }),
      )
      await it.travel('1s')
    }
    const { items } = await listAlerts(it.store.read)
    assert.deepEqual(items.map((a) => a.resolvedReason).sort(), ['monitor-disabled', 'monitor-removed'])
  })

  test('a fact that a room could not digest is an alert; one about that very alert is not', async () => {
    const park = (listener: string, factType: string) =>
      it.world.transact((tx) =>
        factParked.append(tx, it.world, {
          subject: listener,
          actor,
          data: { listener, seq: 7, factType, error: 'boom' },
        }),
      )
    await park('incidents', 'alert.opened')
    await it.travel('1s')
    const [alert] = await unresolved()
    assert.match(alert!.title, /could not digest.*incidents/)
    assert.deepEqual([alert!.severity, alert!.source], ['critical', 'engine'])
    await park('alerts', 'engine.fact-parked')
    await it.travel('1s')
    assert.equal((await unresolved()).length, 1)
  })

  test('a silence that is planned begins and ends by itself', async () => {
    const now = it.clock.now()
    await createSilence(it.world, person('ana'), {
      match: { monitorId: 'docs-tls' },
      from: now + HOUR,
      until: now + 2 * HOUR,
      reason: 'patching',
    })
    await verdict('down')
    const [alert] = await unresolved()
    assert.equal(alert!.silenceId, null)
    await it.travel('1h')
    assert.notEqual((await unresolved())[0]!.silenceId, null)
    await it.travel('1h')
    assert.equal((await unresolved())[0]!.silenceId, null)
    assert.deepEqual(await told(alert!.id), ['alert.opened', 'alert.silenced', 'alert.unsilenced'])
  })

  test('two silences over one alert: paging starts when the last is over', async () => {
    const until = (hours: number) => it.clock.now() + hours * HOUR
    const long = await createSilence(it.world, person('ana'), {
      match: { serviceId: 'docs' },
      until: until(2),
      reason: 'a',
    })
    await createSilence(it.world, person('ana'), {
      match: { monitorId: 'docs-tls' },
      until: until(1),
      reason: 'b',
    })
    await verdict('down')
    const [alert] = await unresolved()
    assert.equal(alert!.silenceId, long.id)
    await endSilence(it.world, person('bo', 'Bo'), { silenceId: long.id })
    assert.deepEqual(await told(alert!.id), ['alert.opened'])
    await it.travel('1h')
    assert.deepEqual(await told(alert!.id), ['alert.opened', 'alert.unsilenced'])
    await endSilence(it.world, person('bo', 'Bo'), { silenceId: long.id })
    const ended = (await listSilences(it.store.read)).items.find((s) => s.id === long.id)
    assert.equal(ended!.endedName, 'Bo')
  })

  test('silences that make no sense are refused with the place', async () => {
    const now = it.clock.now()
    const wrong = [
      [{ match: {}, until: now + HOUR, reason: 'x' }, 'match'],
      [{ match: { serviceId: 'docs' }, until: now, reason: 'x' }, 'until'],
      [{ match: { serviceId: 'docs' }, from: now + HOUR, until: now + HOUR, reason: 'x' }, 'until'],
      [{ match: { serviceId: 'docs' }, until: now + HOUR, reason: ' ' }, 'reason'],
    ] as const
    for (const [input, path] of wrong)
      await assert.rejects(
        createSilence(it.world, person('ana'), input),
        (error: { problems: { path: string }[] }) => error.problems[0]!.path === path,
      )
    const viewer = { ...person('ana'), role: 'viewer' as const }
    await assert.rejects(
      createSilence(it.world, viewer, { match: { serviceId: 'docs' }, until: now + HOUR, reason: 'x' }),
      { code: 'forbidden' },
    )
    await assert.rejects(endSilence(it.world, person('ana'), { silenceId: 'none' }), { code: 'not-found' })
  })

  test('a long text is cut, a list comes in pages, the newest first', async () => {
    for (let i = 0; i < 5; i++) {
      await it.open(`k${i}`)
      await it.travel(1)
    }
    await it.world.transact((tx) =>
      openAlertIn(tx, it.world, actor, {
        dedupKey: 'long',
        title: 'x'.repeat(1_000),
        summary: 'y'.repeat(10_000),
        severity: 'warning',
        reason: 'r',
        serviceId: null,
        monitorId: null,
        source: 'manual',
      }),
    )
    const first = await listAlerts(it.store.read, { limit: 4 })
    assert.equal(first.items[0]!.title.length, 300)
    const second = await listAlerts(it.store.read, { limit: 4, cursor: first.next! })
    assert.deepEqual(
      [...first.items, ...second.items].map((a) => a.dedupKey),
      ['long', 'k4', 'k3', 'k2', 'k1', 'k0'],
    )
    assert.equal(second.next, null)
    assert.equal((await listAlerts(it.store.read, { state: 'acknowledged' })).items.length, 0)
    assert.equal(
      (await listAlerts(it.store.read, { state: 'unresolved', serviceId: 'docs' })).items.length,
      5,
    )
  })
})
