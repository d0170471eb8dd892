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
import { findAlert } from '../alerts/index.ts'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { acknowledgeByLink, readAckLink } from './acknowledge-by-link.ts'
import { findEscalation } from './escalation.rows.ts'
import { nextOfAlerts } from './next-of-alerts.ts'
import { listPages } from './page.rows.ts'
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

  test('the link of somebody who has left opens nothing any more', async () => {
    const alertId = await it.open()
    await it.travel('1s')
    const secret = secretIn(it.pages()[0]!)
    await it.store.transaction((db) =>
      db.updateTable('people').set({ disabled_at: START }).where('id', '=', 'ana').execute(),
    )
    await assert.rejects(readAckLink(it.world, secret), { code: 'token-spent' })
    await assert.rejects(acknowledgeByLink(it.world, secret), { code: 'token-spent' })
    assert.equal((await findAlert(it.store.read, alertId))!.state, 'open')
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
