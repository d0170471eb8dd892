import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { CONFIG, type OncallWorld, oncallWorld, person, type RawConfig } from '../../test/harness/oncall.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { factsAfter } from '../engine/facts.ts'
import { applyOncallConfig } from './apply-config.ts'
import { oncallConfig } from './config.ts'
import { defaultPolicy, findPolicy, listPolicies } from './policy.rows.ts'
import { findSchedule, listSchedules } from './schedule.rows.ts'

onEveryStore('the sections oncall and policies in the database', (under) => {
  let it: OncallWorld
  beforeEach(async () => {
    it = await oncallWorld(await under.open())
  })
  afterEach(() => it.store.close())

  const changes = async () =>
    (await factsAfter(it.store.read, 0, 10_000))
      .filter((fact) => fact.type === 'oncall.configured')
      .map(({ data }) => Object.values(data as { noun: string; id: string; change: string }))
      .map((words) => words.sort().join(' '))

  test('are written once, changed where they differ, and taken away when the file no longer names them', async () => {
    const first = await changes()
    assert.deepEqual(first, ['created schedule web-week', 'created policy web'])
    await it.configure(CONFIG)
    assert.deepEqual(await changes(), first)
    const week = { ...CONFIG.oncall['web-week'], order: ['bo', 'ana'] }
    await it.configure({ ...CONFIG, oncall: { 'web-week': week } })
    assert.deepEqual((await findSchedule(it.store.read, 'web-week'))!.spec.order, ['bo', 'ana'])
    await it.configure({ ...CONFIG, oncall: {}, policies: {}, teams: {}, services: {} })
    assert.deepEqual((await changes()).slice(2), [
      'changed schedule web-week',
      'removed schedule web-week',
      'policy removed web',
    ])
    assert.deepEqual(await listSchedules(it.store.read), [])
    assert.equal(await defaultPolicy(it.store.read), null)
  })

  test('keep the order of the file, also when only the order changes', async () => {
    const other = { steps: [{ notify: [{ person: 'cleo' }] }], lastResort: { people: ['cleo'] } }
    const both = (policies: RawConfig) => it.configure({ ...CONFIG, policies })
    await both({ web: CONFIG.policies.web, other })
    assert.equal((await defaultPolicy(it.store.read))!.id, 'web')
    await both({ other, web: CONFIG.policies.web })
    assert.deepEqual(
      (await listPolicies(it.store.read)).map((p) => p.id),
      ['other', 'web'],
    )
    assert.equal((await defaultPolicy(it.store.read))!.id, 'other')
    await both({ other, web: { ...CONFIG.policies.web, default: true } })
    assert.equal((await defaultPolicy(it.store.read))!.id, 'web')
  })

  test('a policy that goes does not stop the escalation that follows it', async () => {
    await it.verify('ana', 'bo', 'cleo')
    await it.open()
    await it.travel('1m')
    await it.configure({ ...CONFIG, policies: {}, teams: {}, services: {} })
    assert.equal(await findPolicy(it.store.read, 'web'), null)
    await it.travel('5m')
    assert.deepEqual(it.news(), ['ana', 'bo'])
  })

  test('only an administrator may change them', async () => {
    const section = oncallConfig.parse({})
    await assert.rejects(
      it.world.transact((tx) => applyOncallConfig(tx, it.world, person('ana'), section)),
      { code: 'forbidden' },
    )
  })
})
