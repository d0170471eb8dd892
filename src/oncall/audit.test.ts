import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type OncallWorld, oncallWorld, person } from '../../test/harness/oncall.ts'
import { createSilence } from '../alerts/index.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { type AuditedAlert, auditAlert, auditorIsLate } from './audit.rules.ts'
import { auditEscalations, auditorHealth } from './audit-escalations.ts'

const NOW = 10 * HOUR
const healthy: AuditedAlert = {
  state: 'open',
  silenced: false,
  changedAt: NOW - HOUR,
  escalation: { status: 'running', waitingUntil: NOW + MINUTE },
  timerDueAt: NOW + MINUTE,
  pendingPages: 0,
}
const acknowledged = { status: 'acknowledged', waitingUntil: NOW + HOUR } as const

const rows: [string, Partial<AuditedAlert>, 'good' | 'problem', string][] = [
  ['waits for its next step', {}, 'good', 'will-escalate'],
  ['its timer fires any moment', { timerDueAt: NOW - 30_000 }, 'good', 'will-escalate'],
  ['its timer does not fire', { timerDueAt: NOW - 61_000 }, 'problem', 'timer-overdue'],
  ['has no timer, but somebody is being paged', { timerDueAt: null, pendingPages: 1 }, 'good', 'being-paged'],
  ['has no timer and no page', { timerDueAt: null }, 'problem', 'waits-for-nothing'],
  ['was never heard of', { escalation: null, timerDueAt: null }, 'problem', 'no-escalation'],
  [
    'opened a moment ago',
    { escalation: null, timerDueAt: null, changedAt: NOW - 30_000 },
    'good',
    'just-changed',
  ],
  [
    'open, but its escalation ended',
    { escalation: { status: 'ended', waitingUntil: null }, timerDueAt: null },
    'problem',
    'escalation-stopped',
  ],
  [
    'open, but its escalation rests',
    { escalation: acknowledged, timerDueAt: NOW + HOUR },
    'problem',
    'escalation-stopped',
  ],
  [
    'silenced',
    { silenced: true, escalation: { status: 'silenced', waitingUntil: null }, timerDueAt: null },
    'good',
    'silenced',
  ],
  [
    'acknowledged, and watched',
    { state: 'acknowledged', escalation: acknowledged, timerDueAt: NOW + HOUR },
    'good',
    'acknowledged',
  ],
  [
    'acknowledged for good',
    { state: 'acknowledged', escalation: { status: 'acknowledged', waitingUntil: null }, timerDueAt: null },
    'good',
    'acknowledged',
  ],
  [
    'acknowledged, and its timer is lost',
    { state: 'acknowledged', escalation: acknowledged, timerDueAt: null },
    'problem',
    'acknowledgement-forgotten',
  ],
]

describe('auditAlert', () => {
  for (const [title, change, outcome, reason] of rows)
    test(title, () => {
      assert.deepEqual(auditAlert({ ...healthy, ...change }, NOW), { outcome, reason })
    })

  test('the auditor is late when it misses two turns', () => {
    assert.equal(auditorIsLate(null, 0, NOW), true)
    assert.equal(auditorIsLate(NOW - 3 * MINUTE, 1, NOW), false)
    assert.equal(auditorIsLate(NOW - 3 * MINUTE - 1, 1, NOW), true)
    assert.equal(auditorIsLate(NOW - 20 * MINUTE, 0, NOW), false)
    assert.equal(auditorIsLate(NOW - 22 * MINUTE, 0, NOW), true)
  })
})

describe('the auditor at work', () => {
  let it: OncallWorld
  beforeEach(async () => {
    it = await oncallWorld(await openStore({ directory: ':memory:', now: 0 }))
    await it.verify('ana', 'bo', 'cleo')
  })
  afterEach(() => it.store.close())

  const failed = async (alertId: string) =>
    (await it.facts(alertId))
      .filter((f) => f.type === 'oncall.audit-failed')
      .map((f) => (f.data as { problem: string }).problem)

  test('a lost timer: the last resort is paged within two minutes, once', async () => {
    const alertId = await it.open()
    await it.travel('2m')
    await it.world.transact((tx) =>
      tx.db.deleteFrom('timers').where('key', '=', `escalation:${alertId}`).execute(),
    )
    assert.deepEqual((await auditEscalations(it.store.read, it.clock.now())).problems, [
      { alertId, problem: 'waits-for-nothing' },
    ])
    await it.travel('2m')
    assert.deepEqual(it.news(), ['ana', 'cleo'])
    assert.deepEqual(await failed(alertId), ['waits-for-nothing'])
    await it.travel('14m')
    assert.deepEqual(it.news(), ['cleo'])
    assert.deepEqual(await failed(alertId), ['waits-for-nothing'])
  })

  test('an alert that on-call never heard of: the last resort is paged', async () => {
    const alertId = await it.open()
    // As if the listener had been parked on the fact.
    await it.world.transact((tx) =>
      tx.db.updateTable('listeners').set({ cursor: 1_000_000 }).where('name', '=', 'oncall').execute(),
    )
    await it.restart()
    await it.travel('2m30s')
    assert.deepEqual(it.news(), ['cleo'])
    assert.deepEqual(await failed(alertId), ['no-escalation'])
  })

  test('a lost reminder of an acknowledged alert: somebody is asked again', async () => {
    const alertId = await it.open()
    await it.travel('1s')
    await acknowledgeAlert(it.world, person('ana'), { alertId, via: 'api' })
    await it.world.transact((tx) =>
      tx.db.deleteFrom('timers').where('key', '=', `escalation:${alertId}`).execute(),
    )
    await it.travel('3m')
    assert.deepEqual(it.news(), ['ana', 'cleo'])
    assert.deepEqual(await failed(alertId), ['acknowledgement-forgotten'])
    const again = await acknowledgeAlert(it.world, person('cleo'), { alertId, via: 'api' })
    assert.equal(again.outcome, 'acknowledged')
  })

  test('finds nothing where all is well, silences and acknowledgements included', async () => {
    await it.open('a')
    await createSilence(it.world, person('ana'), {
      match: { dedupKey: 'b' },
      until: it.clock.now() + HOUR,
      reason: 'known',
    })
    await it.open('b')
    const c = await it.open('c')
    await it.travel('1s')
    await acknowledgeAlert(it.world, person('ana'), { alertId: c, via: 'api' })
    await it.travel('30m')
    assert.deepEqual((await auditEscalations(it.store.read, it.clock.now())).problems, [])
    const { checked, problems, late } = await auditorHealth(it.store.read, it.clock.now())
    assert.deepEqual({ checked, problems, late }, { checked: 3, problems: 0, late: false })
  })

  test('is itself watched: it says when it last ran, and is late when it did not', async () => {
    await it.travel('1s')
    const health = await auditorHealth(it.store.read, it.clock.now())
    assert.equal(health.late, false)
    assert.ok(health.lastRunAt !== null)
    assert.equal((await auditorHealth(it.store.read, it.clock.now() + HOUR)).late, true)
    const empty = await openStore({ directory: ':memory:', now: 0 })
    assert.deepEqual(await auditorHealth(empty.read, 0), {
      lastRunAt: null,
      checked: 0,
      problems: 0,
      lastProblemAt: null,
      late: true,
    })
    await empty.close()
  })

  test('after the whole process was away, overdue timers get their turn before anybody raises the alarm', async () => {
    const alertId = await it.open()
    await it.travel('1s')
    it.crash()
    it.clock.moveTo(it.clock.now() + 3 * HOUR)
    await it.restart()
    // The auditor's loop may well come round first.
    await it.engine.loops.find((loop) => loop.name === 'auditor')!.runDue()
    await it.travel('5m')
    assert.deepEqual(await failed(alertId), [])
    assert.deepEqual(it.news(), ['ana', 'bo', 'cleo'])
  })
})
