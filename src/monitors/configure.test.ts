import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { z } from 'zod'
import { onEveryStore } from '../../test/harness/stores.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import type { ErrorCode } from '../kit/errors.ts'
import { TocsinError } from '../kit/errors.ts'
import { changeMonitor, createMonitor, removeMonitor, tryMonitor } from './change-monitor.ts'
import { historyRetention, monitorEntry, monitorsConfig } from './config.ts'
import { maintenancePassed, monitorConfigured, verdictChanged } from './facts.ts'
import { endMaintenance, planMaintenance } from './keep-maintenance.ts'
import { allMaintenance } from './maintenance.rows.ts'
import { countVerdicts, findMonitor, listMonitors } from './monitors.rows.ts'
import { recordObservation } from './record-observation.ts'
import { serviceStates } from './service-states.ts'
import { shownSpec } from './shown-spec.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

const tls = (more = {}) => ({ service: 'docs', type: 'tls', target: 'docs.example.org:443', ...more })
const person = (role: 'viewer' | 'responder' | 'editor') =>
  ({ id: `person:${role}`, name: role, role, personId: role }) as const
const editor = person('editor')
const failsWith = (code: ErrorCode) => (error: unknown) => error instanceof TocsinError && error.code === code

describe('the sections monitors and maintenance', () => {
  test('an entry as people write it', () => {
    const entry = monitorEntry.parse({
      ...tls({
        every: '5m',
        expect: { name: 'docs.example.org', issuer: "Let's Encrypt", renewBefore: '30d' },
      }),
    })
    assert.equal(entry.kind, 'tls')
    assert.deepEqual(
      [entry.every, entry.timeout, entry.confirm, entry.recover, entry.retryEvery],
      [300_000, 10_000, 2, 1, 20_000],
    )
    assert.deepEqual(entry.spec.target, { host: 'docs.example.org', port: 443 })
    assert.equal((entry.spec.expect as { issuer: string }).issuer, "Let's Encrypt")
    const beat = monitorEntry.parse({
      service: 'docs',
      type: 'heartbeat',
      schedule: '0 3 * * *',
      timezone: 'Europe/Paris',
    })
    assert.deepEqual([beat.confirm, beat.spec.timezone], [1, 'Europe/Paris'])
    assert.equal(monitorEntry.parse({ service: 'docs', type: 'heartbeat', every: '1h' }).spec.every, HOUR)
  })

  const wrong: [string, unknown, string][] = [
    ['an unknown key', tls({ evry: '5m' }), ''],
    ['an unknown key inside', tls({ expect: { isuer: 'x' } }), 'expect'],
    ['an unknown type', tls({ type: 'telnet' }), 'type'],
    ['no service', { type: 'tls', target: 'a:1' }, 'service'],
    ['not an interval', tls({ every: 'often' }), 'every'],
    ['too short an interval', tls({ every: '10ms' }), 'every'],
    ['a heartbeat with confirmations', { service: 'a', type: 'heartbeat', every: '1h', confirm: 2 }, ''],
    ['a heartbeat without a time', { service: 'a', type: 'heartbeat' }, 'schedule'],
  ]
  for (const [what, entry, path] of wrong)
    test(`${what} is refused, and the place named`, () => {
      const issues = monitorEntry.safeParse(entry).error?.issues
      assert.deepEqual(
        issues?.map((issue) => issue.path.join('.')),
        [path],
      )
    })

  test('windows: once or again and again, not both', () => {
    const parse = (maintenance: unknown) =>
      monitorsConfig.safeParse({ maintenance: { m: maintenance } }).success
    assert.equal(
      parse({ monitors: ['a'], from: '2026-01-05T10:00:00Z', to: '2026-01-05T12:00:00+01:00' }),
      true,
    )
    assert.equal(
      parse({ services: ['a'], cron: '0 2 * * 0', duration: '2h', timezone: 'Europe/Paris' }),
      true,
    )
    assert.equal(parse({ from: '2026-01-05T12:00:00Z', to: '2026-01-05T10:00:00Z' }), false)
    assert.equal(parse({ from: '2026-01-05T12:00:00', to: '2026-01-05T13:00:00' }), false)
    assert.equal(parse({ cron: 'sundays', duration: '2h' }), false)
    assert.equal(parse({ cron: '0 2 * * 0', duration: '2h', to: '2026-01-05T13:00:00Z' }), false)
  })

  test('the schema for editors names every kind and every field of it', () => {
    const schema = JSON.stringify(z.toJSONSchema(monitorsConfig, { io: 'input' }))
    for (const word of [
      '"const":"heartbeat"',
      '"const":"http"',
      'renewBefore',
      'connectTo',
      'maxRun',
      '"title":"Issuer"',
    ])
      assert.ok(schema.includes(word), word)
    assert.equal(historyRetention.parse({}).raw, 7 * 24 * HOUR)
  })
})

onEveryStore('configured monitors', ({ open }) => {
  it('a file adds, changes and takes away; what is known of the others stays', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    assert.deepEqual((await it.configure({ monitors: { a: tls(), b: tls(), c: tls() } })).created, [
      'a',
      'b',
      'c',
    ])
    await recordObservation(it.world, { monitorId: 'a', observation: seen('up') })
    await it.facts('')
    const again = await it.configure({ monitors: { a: tls(), b: tls({ every: '5m' }) } })
    assert.deepEqual(again, { created: [], changed: ['b'], removed: ['c'] })
    const facts = await it.facts<{ monitorId: string; change: string; version: number }>(
      monitorConfigured.type,
    )
    assert.deepEqual(
      facts.map(({ data }) => [data.monitorId, data.change, data.version]),
      [
        ['b', 'changed', 2],
        ['c', 'removed', 1],
      ],
    )
    assert.equal((await findMonitor(store.read, 'a'))!.state.verdict, 'up')
    assert.deepEqual(
      (await listMonitors(store.read)).map(({ id, target }) => [id, target]),
      [
        ['a', 'docs.example.org:443'],
        ['b', 'docs.example.org:443'],
      ],
    )
    assert.deepEqual(
      (await listMonitors(store.read, { after: { id: 'a', rank: 0 }, limit: 5 })).map(({ id }) => id),
      ['b'],
    )
    assert.deepEqual(await countVerdicts(store.read), { up: 1, unknown: 1 })
    await store.close()
  })

  it('people add, change and remove their own, and cannot touch those of the file', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({ monitors: { filed: tls() } })
    const made = await createMonitor(it.world, editor, { id: 'mine', settings: tls({ every: '5m' }) })
    assert.deepEqual([made.managedBy, made.every, made.state.reason], ['api', 5 * MINUTE, 'check.never-ran'])
    assert.deepEqual(made.settings, tls({ every: '5m' }))
    await assert.rejects(
      createMonitor(it.world, editor, { id: 'mine', settings: tls() }),
      failsWith('duplicate'),
    )
    await assert.rejects(
      createMonitor(it.world, editor, { id: 'No!', settings: tls() }),
      failsWith('invalid-input'),
    )
    const settings = tls({ expect: { warn: 'soon' } })
    await assert.rejects(createMonitor(it.world, editor, { id: 'x', settings }), (error) => {
      assert.ok(error instanceof TocsinError)
      assert.deepEqual(
        error.problems.map(({ path }) => path),
        ['settings.expect.warn'],
      )
      return true
    })
    for (const change of [
      () => changeMonitor(it.world, editor, { id: 'filed', settings: tls() }),
      () => removeMonitor(it.world, editor, 'filed'),
    ])
      await assert.rejects(change, failsWith('managed-by-file'))
    await assert.rejects(
      createMonitor(it.world, person('viewer'), { id: 'y', settings: tls() }),
      failsWith('forbidden'),
    )
    await assert.rejects(removeMonitor(it.world, person('responder'), 'mine'), failsWith('forbidden'))
    await assert.rejects(removeMonitor(it.world, editor, 'nobody'), failsWith('not-found'))
    assert.equal(
      (await changeMonitor(it.world, editor, { id: 'mine', settings: tls({ every: '9m' }) })).version,
      2,
    )
    await assert.rejects(it.configure({ monitors: { mine: tls() } }), failsWith('duplicate'))
    await removeMonitor(it.world, editor, 'mine')
    assert.equal(await findMonitor(store.read, 'mine'), null)
    await store.close()
  })

  it('what was hidden comes back as it was, and goes to no other server', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const url = 'https://docs.example.org/?token=hunter2'
    const settings = { service: 'docs', type: 'http', url, headers: { 'X-Auth': 'hunter3' } }
    const made = await createMonitor(it.world, editor, { id: 'web', settings })
    assert.equal(made.target.includes('hunter2'), false)
    const sent = { ...shownSpec(made.settings), every: '5m' }
    assert.equal(JSON.stringify(sent).includes('hunter'), false)
    const changed = await changeMonitor(it.world, editor, { id: 'web', settings: sent })
    assert.deepEqual(changed.settings, { ...settings, every: '5m' })
    const elsewhere = { ...sent, url: 'https://evil.example.net/?token=[redacted]' }
    const moved = await changeMonitor(it.world, editor, { id: 'web', settings: elsewhere })
    assert.equal(JSON.stringify([moved.spec, moved.settings]).includes('hunter'), false)
    await store.close()
  })

  it('settings can be tried without being stored', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    const settings = { service: 'docs', type: 'tcp', target: '169.254.169.254:80' }
    assert.equal((await tryMonitor(it.world, editor, settings)).reason, 'egress.refused')
    const beat = { service: 'docs', type: 'heartbeat', every: '1h' }
    await assert.rejects(tryMonitor(it.world, editor, beat), failsWith('invalid-input'))
    assert.deepEqual(await listMonitors(store.read), [])
    await store.close()
  })

  it('a service is as its worst monitor', async () => {
    const store = await open()
    const it = openMonitorsWorld(store)
    await it.configure({
      monitors: {
        a: tls({ confirm: 1 }),
        b: tls({ confirm: 1 }),
        off: tls({ enabled: false }),
        c: tls({ service: 'web' }),
      },
    })
    await recordObservation(it.world, { monitorId: 'a', observation: seen('up') })
    await recordObservation(it.world, { monitorId: 'b', observation: seen('degraded', 'slow') })
    await recordObservation(it.world, { monitorId: 'c', observation: seen('up') })
    const states = await serviceStates(store.read)
    assert.deepEqual(states.get('docs'), { state: 'degraded', reason: 'slow', since: START })
    assert.equal(states.get('web')?.state, 'up')
    await store.close()
  })

  it('maintenance marks what it covers, and what is still bad at its end is told again', async () => {
    const store = await open()
    const it = openMonitorsWorld(store, { check: async () => null })
    await it.configure({ monitors: { a: tls({ confirm: 1 }), b: tls({ service: 'web', confirm: 1 }) } })
    const responder = person('responder')
    const window = {
      name: 'Patch day',
      monitors: ['a'],
      services: [],
      from: START + HOUR,
      to: START + 3 * HOUR,
    }
    await assert.rejects(planMaintenance(it.world, person('viewer'), window), failsWith('forbidden'))
    await assert.rejects(
      planMaintenance(it.world, responder, { ...window, to: START }),
      failsWith('invalid-input'),
    )
    await assert.rejects(
      planMaintenance(it.world, responder, { ...window, monitors: [] }),
      failsWith('invalid-input'),
    )
    const planned = await planMaintenance(it.world, responder, window)
    await it.travel(HOUR)
    assert.equal((await findMonitor(store.read, 'a'))!.state.maintenance, true)
    assert.equal((await findMonitor(store.read, 'b'))!.state.maintenance, false)
    await recordObservation(it.world, { monitorId: 'a', observation: seen('down') })
    await recordObservation(it.world, { monitorId: 'b', observation: seen('down') })
    type Told = { monitorId: string; maintenance: boolean; from: string; to: string }
    const told = await it.facts<Told>(verdictChanged.type)
    assert.deepEqual(
      told.map(({ data }) => [data.monitorId, data.maintenance]),
      [
        ['a', true],
        ['b', false],
      ],
    )
    await it.travel(HOUR)
    await endMaintenance(it.world, responder, planned.id)
    await assert.rejects(endMaintenance(it.world, responder, planned.id), failsWith('wrong-state'))
    const [after] = await it.facts<Told>(verdictChanged.type)
    assert.deepEqual([after!.data.from, after!.data.to, after!.data.maintenance], ['down', 'down', false])
    await it.travel(5 * HOUR)
    assert.deepEqual(await it.facts(verdictChanged.type), [])
    await store.close()
  })

  it('maintenance from the file begins and ends by the clock, again and again', async () => {
    const store = await open()
    const it = openMonitorsWorld(store, { check: async () => null })
    const weekly = { services: ['docs'], cron: '0 10 * * *', duration: '30m' }
    await it.configure({ monitors: { a: tls({ every: '1d' }) }, maintenance: { weekly } })
    await it.travel(50 * HOUR)
    const passed = await it.facts<{ began: string[]; ended: string[] }>(maintenancePassed.type)
    assert.deepEqual(
      passed.map(({ at, data }) => [(at - START) / MINUTE, data.began.length, data.ended.length]),
      [
        [60, 1, 0],
        [90, 0, 1],
        [1500, 1, 0],
        [1530, 0, 1],
        [2940, 1, 0],
        [2970, 0, 1],
      ],
    )
    await assert.rejects(
      endMaintenance(it.world, person('responder'), 'weekly'),
      failsWith('managed-by-file'),
    )
    await it.configure({ monitors: { a: tls() } })
    assert.deepEqual(await allMaintenance(store.read), [])
    await store.close()
  })
})
