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
import { createSilence, endSilence, openAlertIn } from '../alerts/index.ts'
import { systemActor } from '../engine/world.ts'
import { DAY, HOUR } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { acknowledgeByLink } from './acknowledge-by-link.ts'
import { createOverride } from './create-override.ts'
import { findEscalation } from './escalation.rows.ts'
import { removeOverride } from './remove-override.ts'

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
