import assert from 'node:assert/strict'
import { test } from 'node:test'
import { responseWorld } from '../../test/harness/response.ts'
import { openAlertIn } from '../alerts/index.ts'
import { systemActor } from '../engine/world.ts'
import { openStore } from '../store/open-store.ts'
import { listIncidents } from './incidents.rows.ts'
import { readTimeline } from './timeline.rows.ts'

test('a storm of alerts of one service is one incident, and each is told once', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  // Heard in one go, as after a pause: each alert must look at its own facts and not at those of all others.
  await it.world.transact(async (tx) => {
    for (let i = 0; i < 300; i++)
      await openAlertIn(tx, it.world, systemActor('test'), {
        dedupKey: `k${i}`,
        title: `alert ${i}`,
        summary: '',
        severity: 'critical',
        reason: 'storm',
        serviceId: 'docs',
        monitorId: null,
        source: 'manual',
      })
  })
  await it.engine.drain()
  const [incident, ...others] = await listIncidents(it.store.read)
  assert.deepEqual(others, [])
  assert.equal(incident!.alerts.length, 300)
  const entries = (await readTimeline(it.store.read, incident!.id)).map((entry) => entry.text)
  assert.equal(entries.filter((text) => text.startsWith('Alert opened')).length, 300)
  assert.equal(entries.filter((text) => text.startsWith('Alert joined')).length, 299)
  await it.close()
})
