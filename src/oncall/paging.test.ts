import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import {
  CONFIG,
  type OncallWorld,
  oncallWorld,
  person,
  type RawConfig,
  START,
  secretIn,
} from '../../test/harness/oncall.ts'
import { createSilence, endSilence, findAlert, openAlertIn } from '../alerts/index.ts'
import { systemActor } from '../engine/world.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { acknowledgeByLink, readAckLink } from './acknowledge-by-link.ts'
import { createOverride } from './create-override.ts'
import { findEscalation } from './escalation.rows.ts'
import { nextOfAlerts } from './next-of-alerts.ts'
import { listPages } from './page.rows.ts'
import { removeOverride } from './remove-override.ts'
import { resolveAlertByHand } from './resolve-alert-by-hand.ts'

let it: OncallWorld

async function begin(
  config: RawConfig = CONFIG,
  verified = ['ana', 'bo', 'cleo'],
  start = START,
): Promise<void> {
  it = await oncallWorld(await openStore({ directory: ':memory:', now: 0 }), config, start)
  await it.verify(...verified)
}
const types = async (alertId: string) => (await it.facts(alertId)).map((fact) => fact.type)

describe('paging', () => {
  beforeEach(() => begin())
  afterEach(() => it.store.close())

  test('an alert pages whoever is on call, and says what, since when and why', async () => {
    const alertId = await it.open()
    await it.travel('1s')
    const [page] = it.pages()
    assert.equal(page!.address.email, 'ana@example.org')
    assert.equal(page!.message.subject, '[critical] The disk is full')
    assert.match(page!.message.text, /No space is left on the disk/)
    assert.match(page!.message.text, /Since 2026-01-05 09:00 Europe\/Paris/)
    assert.match(page!.message.text, /Reason: disk-full/)
    assert.match(page!.message.text, new RegExp(`https://tocsin.example.org/alerts/${alertId}`))
    assert.equal(page!.message.link!.label, 'Acknowledge')
    assert.deepEqual(await types(alertId), [
      'alert.opened',
      'escalation.started',
      'escalation.advanced',
      'page.queued',
      'page.sent',
    ])
  })

  test('the first person is silent: the second after five minutes, the last resort after ten, and again', async () => {
    const alertId = await it.open()
    await it.travel('4m59s')
    assert.deepEqual(it.news(), ['ana'])
    assert.deepEqual((await nextOfAlerts(it.store.read, [alertId])).get(alertId), {
      what: 'step 2 is paged',
      at: it.clock.now() + 1_000,
    })
    await it.travel('2s')
    assert.deepEqual(it.news(), ['bo'])
    await it.travel('5m')
    assert.deepEqual(it.news(), ['cleo'])
    await it.travel('1h')
    assert.deepEqual(it.news(), ['cleo', 'cleo', 'cleo', 'cleo'])
    assert.ok((await types(alertId)).includes('escalation.last-resort'))
  })

  test('acknowledging stops everything pending; a second one changes nothing and says who was first', async () => {
    const alertId = await it.open()
    await it.travel('1m')
    const first = await acknowledgeAlert(it.world, person('ana', 'Ana'), { alertId, via: 'browser' })
    assert.equal(first.outcome, 'acknowledged')
    await it.travel('1m')
    const second = await acknowledgeAlert(it.world, person('bo', 'Bo'), { alertId, via: 'api' })
    assert.deepEqual([second.outcome, second.by, second.at], ['already-acknowledged', 'Ana', first.at])
    await it.travel('3h')
    assert.deepEqual(it.news(), ['ana'])
    assert.equal((await types(alertId)).filter((type) => type === 'alert.acknowledged').length, 1)
  })

  test('the link in a page shows the alert without touching it, and acknowledges as the person paged', async () => {
    const alertId = await it.open()
    await it.travel('6m')
    const secret = secretIn(it.pages()[1]!)
    const before = await types(alertId)
    const shown = await readAckLink(it.world, secret)
    assert.deepEqual([shown.personName, shown.alert.state], ['Bo', 'open'])
    assert.deepEqual(await types(alertId), before)
    const done = await acknowledgeByLink(it.world, secret)
    assert.deepEqual([done.outcome, done.by], ['acknowledged', 'Bo'])
    assert.equal((await findAlert(it.store.read, alertId))!.acknowledgedVia, 'link')
    const late = await acknowledgeByLink(it.world, secretIn(it.pages()[0]!))
    assert.deepEqual([late.outcome, late.by], ['already-acknowledged', 'Bo'])
    await it.resolve()
    assert.equal((await acknowledgeByLink(it.world, secret)).outcome, 'already-resolved')
    await assert.rejects(acknowledgeByLink(it.world, `${secret}x`), { code: 'not-found' })
    await assert.rejects(readAckLink(it.world, 'guessed'), { code: 'not-found' })
  })

  test('nobody on call: the step is passed over at once, and the log says so', async () => {
    await it.configure({
      ...CONFIG,
      oncall: { 'web-week': { ...CONFIG.oncall['web-week'], from: '2027-01-04T09:00' } },
    })
    const alertId = await it.open()
    await it.travel('1s')
    assert.deepEqual(it.news(), ['bo'])
    const skipped = (await it.facts(alertId)).find((fact) => fact.type === 'escalation.reached-nobody')
    assert.equal((skipped!.data as { reason: string }).reason, 'nobody-on-call')
  })

  test('every page refused: the next step at once', async () => {
    it.capture.answer = (_kind, { email }) =>
      email === 'ana@example.org' ? { result: 'refused', reason: 'no such mailbox' } : { result: 'sent' }
    const alertId = await it.open()
    await it.travel('1s')
    assert.deepEqual(it.news(), ['bo'])
    assert.ok((await types(alertId)).includes('page.failed'))
    const page = (await listPages(it.store.read, { alertId })).items.find((p) => p.personId === 'ana')
    assert.deepEqual([page!.state, page!.reason], ['failed', 'no such mailbox'])
  })

  test('every channel refuses: the administrators are asked, and later all over again', async () => {
    it.capture.answer = (_kind, _address, message) =>
      message.key.startsWith('page:')
        ? { result: 'refused', reason: 'the mail server is gone' }
        : { result: 'sent' }
    const alertId = await it.open()
    await it.travel('1m')
    assert.deepEqual(
      (await it.facts(alertId))
        .filter((fact) => fact.type === 'escalation.reached-nobody')
        .map((fact) => (fact.data as { stepName: string }).stepName),
      ['step 1', 'step 2', 'last resort', 'administrators'],
    )
    it.capture.answer = () => ({ result: 'sent' })
    await it.travel('15m')
    assert.deepEqual(it.news(), ['cleo'])
  })

  test('a delivery that fails is tried again under the same key; the steps go on meanwhile', async () => {
    let failures = 2
    it.capture.answer = () =>
      failures-- > 0 ? { result: 'retry', reason: 'greylisted' } : { result: 'sent' }
    const alertId = await it.open()
    await it.travel('1m')
    assert.deepEqual(it.news(), ['ana'])
    const [page] = (await listPages(it.store.read, { alertId })).items
    assert.deepEqual([page!.state, page!.attempts, page!.key], ['sent', 3, it.pages()[0]!.message.key])
  })

  test('acknowledged while a delivery waits for its retry: it never leaves', async () => {
    it.capture.answer = () => ({ result: 'retry', reason: 'greylisted' })
    const alertId = await it.open()
    await it.travel('3s')
    await acknowledgeAlert(it.world, person('ana'), { alertId, via: 'api' })
    it.capture.answer = () => ({ result: 'sent' })
    await it.travel('1h')
    assert.deepEqual(it.news(), [])
    assert.deepEqual(
      (await listPages(it.store.read, { alertId })).items.map((p) => [p.state, p.reason]),
      [['cancelled', 'acknowledged']],
    )
  })

  test('acknowledged while a page is being handed over: it is not handed over a second time', async () => {
    const alertId = await it.open()
    it.capture.answer = () => {
      it.crash()
      return { result: 'retry', reason: 'died' }
    }
    await assert.rejects(it.travel('1s'), /dead/)
    await it.restart()
    it.capture.answer = () => ({ result: 'sent' })
    await acknowledgeAlert(it.world, person('ana'), { alertId, via: 'api' })
    await it.travel('1h')
    assert.deepEqual(it.news(), [])
    const [page] = (await listPages(it.store.read, { alertId })).items
    assert.deepEqual([page!.state, page!.reason], ['cancelled', 'acknowledged'])
  })

  test('who was paged is told when it is over, once; nobody else is', async () => {
    const alertId = await it.open()
    await it.travel('6m')
    await it.resolve()
    await it.travel('1m')
    assert.deepEqual(it.news(), ['ana', 'bo', 'ana', 'bo'])
    const last = it.pages().at(-1)!.message
    assert.equal(last.subject, '[resolved] The disk is full')
    assert.match(last.text, /Reason: recovered/)
    assert.match(last.key, /:resolved:/)
    await it.travel('1h')
    assert.deepEqual(it.news(), [])
    assert.equal((await findEscalation(it.store.read, alertId))!.status, 'ended')
  })

  test('resolved by hand: needs a reason, and stops the escalation at once', async () => {
    const alertId = await it.open()
    await it.travel('1s')
    await assert.rejects(resolveAlertByHand(it.world, person('ana'), { alertId, reason: ' ' }), {
      code: 'invalid-input',
    })
    const alert = await resolveAlertByHand(it.world, person('ana'), { alertId, reason: 'disk replaced' })
    assert.equal(alert.resolvedReason, 'disk replaced')
    assert.equal((await findEscalation(it.store.read, alertId))!.status, 'ended')
    await it.travel('2h')
    assert.deepEqual(it.news(), ['ana', 'ana'])
  })

  test('an acknowledged alert that nobody resolves is not forgotten', async () => {
    const alertId = await it.open()
    await it.travel('1s')
    await acknowledgeAlert(it.world, person('ana'), { alertId, via: 'browser' })
    await it.travel(4 * HOUR - MINUTE)
    assert.deepEqual(it.news(), ['ana'])
    await it.travel('2m')
    assert.deepEqual(it.news(), ['ana'])
    assert.equal((await findAlert(it.store.read, alertId))!.state, 'open')
    const changed = (await it.facts(alertId)).find((fact) => fact.type === 'alert.changed')
    assert.equal((changed!.data as { reason: string }).reason, 'acknowledgement-expired')
    const keys = it.pages().map((page) => page.message.key)
    assert.equal(new Set(keys).size, keys.length)
  })

  test('a warning that becomes critical after it was acknowledged calls again', async () => {
    const alertId = await it.open('disk', { severity: 'warning' })
    await it.travel('1s')
    await acknowledgeAlert(it.world, person('ana'), { alertId, via: 'browser' })
    await it.open('disk', { severity: 'critical' })
    await it.travel('1s')
    assert.deepEqual(it.news(), ['ana', 'ana'])
    assert.equal(it.pages().at(-1)!.message.subject, '[critical] The disk is full')
  })

  test('acknowledged before on-call heard of it: nobody is paged, and it is still not forgotten', async () => {
    const alertId = await it.open()
    await acknowledgeAlert(it.world, person('ana'), { alertId, via: 'api' })
    await it.travel('1h')
    assert.deepEqual(it.news(), [])
    await it.travel('4h')
    assert.equal(it.news()[0], 'ana')
  })

  test('a viewer may not acknowledge', async () => {
    const alertId = await it.open()
    const viewer = { ...person('ana'), role: 'viewer' as const }
    await assert.rejects(acknowledgeAlert(it.world, viewer, { alertId, via: 'api' }), { code: 'forbidden' })
    await assert.rejects(acknowledgeAlert(it.world, person('ana'), { alertId: 'none', via: 'api' }), {
      code: 'not-found',
    })
  })
})

describe('who is reached', () => {
  afterEach(() => it.store.close())

  test('a contact that is not verified does not count', async () => {
    await begin(CONFIG, ['bo', 'cleo'])
    const alertId = await it.open()
    await it.travel('1s')
    assert.deepEqual(it.news(), ['bo'])
    const skipped = (await it.facts(alertId)).find((fact) => fact.type === 'escalation.reached-nobody')
    assert.equal((skipped!.data as { reason: string }).reason, 'no-verified-contact')
  })

  test('somebody disabled is not reached', async () => {
    await begin()
    await it.configure({
      ...CONFIG,
      people: { bo: CONFIG.people.bo, cleo: CONFIG.people.cleo },
      teams: { web: { members: ['bo'], policy: 'web' } },
    })
    const alertId = await it.open()
    await it.travel('1s')
    assert.deepEqual(it.news(), ['bo'])
    const skipped = (await it.facts(alertId)).find((fact) => fact.type === 'escalation.reached-nobody')
    assert.equal((skipped!.data as { reason: string }).reason, 'person-disabled')
  })

  test('without any policy the administrators are the last resort, and the log says so', async () => {
    await begin({ ...CONFIG, teams: { web: { members: ['ana'] } }, policies: {} })
    const alertId = await it.open()
    await it.travel('16m')
    assert.deepEqual(it.news(), ['cleo', 'cleo'])
    const called = (await it.facts(alertId)).find((fact) => fact.type === 'escalation.last-resort')
    assert.equal((called!.data as { reason: string }).reason, 'no-policy')
  })

  test('a service without a policy takes the default one, else the first', async () => {
    const other = { steps: [{ notify: [{ person: 'cleo' }] }], lastResort: { people: ['cleo'] } }
    await begin({
      ...CONFIG,
      teams: {},
      services: { docs: {} },
      policies: { ...CONFIG.policies, other: { ...other, default: true } },
    })
    await it.open()
    await it.travel('1s')
    assert.deepEqual(it.news(), ['cleo'])
    await it.configure({
      ...CONFIG,
      teams: {},
      services: { docs: {} },
      policies: { ...CONFIG.policies, other },
    })
    await it.open('fan')
    await it.travel('1s')
    assert.deepEqual(it.news(), ['ana'])
  })

  test('nobody at all can be reached: tried again until somebody can', async () => {
    await begin(CONFIG, [])
    await it.open()
    await it.travel('1h')
    assert.deepEqual(it.news(), [])
    await it.verify('cleo')
    await it.travel('15m')
    assert.deepEqual(it.news(), ['cleo'])
  })

  test('after the hand-over across the spring gap the next person is paged', async () => {
    // Monday, 30 March 2026, 09:00 in Paris is 07:00 UTC since the night before.
    await begin(CONFIG, ['ana', 'bo', 'cleo'], Date.parse('2026-03-30T06:59:00Z'))
    await it.open('before')
    await it.travel('1s')
    await it.travel('1m')
    await it.open('after')
    await it.travel('1s')
    assert.deepEqual(it.news(), ['bo', 'ana'])
  })

  test('an override takes the shift, and gives it back when it is removed', async () => {
    await begin()
    const from = it.clock.now()
    const taken = await createOverride(it.world, person('cleo', 'Cleo'), {
      scheduleId: 'web-week',
      personId: 'cleo',
      from,
      until: from + DAY,
    })
    await it.open('first')
    await it.travel('1s')
    await removeOverride(it.world, person('cleo'), { overrideId: taken.id })
    await it.open('second')
    await it.travel('1s')
    assert.deepEqual(it.news(), ['cleo', 'ana'])
    await assert.rejects(removeOverride(it.world, person('cleo'), { overrideId: taken.id }), {
      code: 'not-found',
    })
    for (const wrong of [
      { scheduleId: 'none', personId: 'cleo', from, until: from + DAY },
      { scheduleId: 'web-week', personId: 'none', from, until: from + DAY },
      { scheduleId: 'web-week', personId: 'cleo', from: from + DAY, until: from + DAY },
      { scheduleId: 'web-week', personId: 'cleo', from: from - DAY, until: from },
    ])
      await assert.rejects(createOverride(it.world, person('cleo'), wrong), /not valid|There is no/)
  })
})

describe('silences', () => {
  beforeEach(() => begin())
  afterEach(() => it.store.close())

  test('a silenced alert opens and pages nobody; when the silence ends it is still open, and paging starts', async () => {
    await createSilence(it.world, person('ana'), {
      match: { serviceId: 'docs' },
      until: it.clock.now() + HOUR,
      reason: 'moving racks',
    })
    const alertId = await it.open()
    await it.travel('59m')
    assert.deepEqual(it.news(), [])
    assert.equal((await findEscalation(it.store.read, alertId))!.status, 'silenced')
    await it.travel('1m')
    assert.deepEqual(it.news(), ['ana'])
    assert.ok((await types(alertId)).includes('alert.unsilenced'))
  })

  test('a silence over an alert that is paging stops it; ended by hand, it starts again from the first step', async () => {
    await it.open()
    await it.travel('6m')
    assert.deepEqual(it.news(), ['ana', 'bo'])
    const silence = await createSilence(it.world, person('bo'), {
      match: { dedupKey: 'disk' },
      until: it.clock.now() + HOUR,
      reason: 'known',
    })
    await it.travel('30m')
    assert.deepEqual(it.news(), [])
    await endSilence(it.world, person('bo'), { silenceId: silence.id })
    await it.travel('1s')
    assert.deepEqual(it.news(), ['ana'])
  })

  test('resolved under a silence: nobody is told of what nobody was paged for', async () => {
    await createSilence(it.world, person('ana'), {
      match: { dedupKey: 'disk' },
      until: it.clock.now() + HOUR,
      reason: 'x',
    })
    await it.open()
    await it.travel('1m')
    await it.resolve()
    await it.travel('2h')
    assert.deepEqual(it.news(), [])
  })
})

describe('restarts', () => {
  beforeEach(() => begin())
  afterEach(() => it.store.close())

  test('a new process goes on where the old one stood', async () => {
    await it.open()
    await it.travel('3m')
    it.crash()
    await it.restart()
    await it.travel('3m')
    assert.deepEqual(it.news(), ['ana', 'bo'])
  })

  test('the link in a page from before the restart still works', async () => {
    await it.open()
    await it.travel('1s')
    await it.restart()
    assert.equal((await acknowledgeByLink(it.world, secretIn(it.pages()[0]!))).outcome, 'acknowledged')
  })

  test('died between sending and noting it: sent again, under the one key', async () => {
    await it.open()
    it.capture.answer = (_kind, _address, message) => {
      if (message.key.startsWith('page:')) it.crash()
      return { result: 'sent' }
    }
    await assert.rejects(it.travel('1s'), /dead/)
    await it.restart()
    it.capture.answer = () => ({ result: 'sent' })
    await it.travel('2m')
    assert.deepEqual(it.news(), ['ana', 'ana'])
    assert.equal(new Set(it.pages().map((page) => page.message.key)).size, 1)
    assert.equal(new Set(it.pages().map((page) => page.message.link!.url)).size, 1)
  })

  test('down over two steps: the one that is due is paged at once, none is skipped unsaid', async () => {
    await it.open()
    await it.travel('1s')
    it.crash()
    it.clock.moveTo(it.clock.now() + HOUR)
    await it.restart()
    await it.travel('1s')
    assert.deepEqual(it.news(), ['ana', 'bo'])
  })

  test('two alerts with one key at once are one', async () => {
    const open = () =>
      it.world.transact((tx) =>
        openAlertIn(tx, it.world, systemActor('test'), {
          dedupKey: 'disk',
          title: 'a',
          summary: 'b',
          severity: 'critical',
          reason: 'r',
          serviceId: null,
          monitorId: null,
          source: 'manual',
        }),
      )
    const [a, b] = await Promise.all([open(), open()])
    assert.equal(a, b)
  })
})
