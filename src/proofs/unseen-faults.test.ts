import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor } from '../engine/world.ts'
import { applyMonitorsConfig, findMonitor, monitorsConfig } from '../monitors/index.ts'
import { createDrill } from './create-drill.ts'
import { FAULTS } from './faults/registry.ts'
import { EDITOR, setStage } from './for-tests.ts'
import { proofsRoom } from './room.ts'
import { runDrill } from './run-drill.ts'
import { unseenFaults } from './unseen-faults.ts'

test('what was never played and what was missed, with what helps; what is caught is neither', async (t) => {
  const stage = await setStage([
    proofsRoom({ composeReplica: () => assert.fail('this drill needs no replica') }),
  ])
  t.after(() => stage.close())
  const { world } = stage
  const watch = (docs: object) =>
    world.transact((tx) => {
      const section = monitorsConfig.parse({ monitors: { docs } })
      return applyMonitorsConfig(tx, world, systemActor('configuration'), section as never)
    })
  const unseen = async () => {
    const monitor = await findMonitor(world.store.read, 'docs')
    const found = await unseenFaults(world.store.read, monitor!)
    return (tried: string) => found.filter((one) => one.tried === tried).map(({ fault }) => fault)
  }
  const any = { service: 'docs', type: 'tls', target: 'docs.example.org:443', timeout: '300ms' }
  await watch({ ...any, expect: { accept: 'any' } })
  const before = await unseen()
  assert.deepEqual(before('missed'), [])
  assert.ok(before('never').includes('certificate-wrong-name'))
  assert.ok(!before('never').some((fault) => /^(http|sip|sql)-/.test(fault)), 'only what can befall it')

  const faults = ['certificate-wrong-name', 'connection-refused']
  await createDrill(world, EDITOR, {
    id: 'two',
    settings: { kind: 'monitor-faults', monitor: 'docs', faults },
  })
  await runDrill(world, EDITOR, 'two')
  await stage.engine.drain()
  const after = await unseen()
  assert.deepEqual(after('missed'), ['certificate-wrong-name'])
  assert.deepEqual(
    after('never'),
    before('never').filter((fault) => !faults.includes(fault)),
  )
  const monitor = await findMonitor(world.store.read, 'docs')
  for (const { fault, title, remedy } of await unseenFaults(world.store.read, monitor!)) {
    assert.equal(title, FAULTS.find(({ name }) => name === fault)!.title)
    assert.ok(remedy.length > 10, fault)
  }
})
