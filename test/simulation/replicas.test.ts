/** Two processes over one PostgreSQL: both escalate, deliver and answer people at the same time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertsRoom } from '../../src/alerts/index.ts'
import { createWorld } from '../../src/engine/create-world.ts'
import { verifyAudit } from '../../src/engine/facts.ts'
import { assembleEngine, type Engine } from '../../src/engine/runner.ts'
import type { World } from '../../src/engine/world.ts'
import { MINUTE } from '../../src/kit/duration.ts'
import { silentLog } from '../../src/kit/log.ts'
import { acknowledgeAlert, oncallRoom } from '../../src/oncall/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { oncallWorld, person } from '../harness/oncall.ts'
import { freshDatabase, needsPostgres } from '../harness/postgres.ts'

test(
  'two replicas page each step once, and an acknowledgement that races with a step stops it',
  needsPostgres(),
  async () => {
    const database = await freshDatabase()
    const store = await openStore({ directory: '', databaseUrl: database.url, now: 0 })
    const it = await oncallWorld(store)
    try {
      await it.verify('ana', 'bo', 'cleo')
      const means = {
        channels: it.capture.channels,
        settings: { mail: null, egress: { allowPrivate: false, allow: [] } },
      }
      const replicas: { world: World; engine: Engine }[] = ['one', 'two'].map((instance) => {
        const world = createWorld({
          clock: it.clock,
          store,
          log: silentLog,
          instance,
          publicUrl: 'https://tocsin.example.org',
        })
        return { world, engine: assembleEngine(world, [alertsRoom(), oncallRoom(means)]) }
      })
      const drain = () => Promise.all(replicas.map(({ engine }) => engine.drain()))
      const alerts = await Promise.all(Array.from({ length: 8 }, (_, i) => it.open(`disk-${i}`)))
      await drain()
      it.clock.moveTo(it.clock.now() + 5 * MINUTE)
      // Both replicas come to step two of each alert while people acknowledge half of them.
      const [, , ...answers] = await Promise.all([
        ...replicas.map(({ engine }) => engine.drain()),
        ...alerts
          .slice(0, 4)
          .map((alertId, i) =>
            acknowledgeAlert(replicas[i % 2]!.world, person('ana'), { alertId, via: 'api' }),
          ),
      ])
      assert.equal(answers.length, 4)
      for (let minute = 0; minute < 30; minute++) {
        it.clock.moveTo(it.clock.now() + MINUTE)
        await drain()
      }
      const keys = it.pages().map((page) => page.message.key)
      assert.equal(new Set(keys).size, keys.length, 'no step was paged twice')
      for (const alertId of alerts.slice(4)) {
        const people = it
          .pages()
          .filter((page) => page.message.key.includes(alertId))
          .map((page) => String(page.address.email).split('@')[0])
        assert.deepEqual(people.slice(0, 3), ['ana', 'bo', 'cleo'])
      }
      for (const alertId of alerts.slice(0, 4)) {
        const left = await store.read
          .selectFrom('outbox')
          .select('state')
          .where('topic', '=', `alert:${alertId}`)
          .where('state', '=', 'queued')
          .execute()
        assert.deepEqual(left, [])
        const escalation = await store.read
          .selectFrom('escalations')
          .select('status')
          .where('alert_id', '=', alertId)
          .executeTakeFirstOrThrow()
        assert.equal(escalation.status, 'acknowledged')
        const paged = it.pages().filter((page) => page.message.key.includes(alertId))
        assert.ok(paged.length <= 2 && !paged.some((page) => page.address.email === 'cleo@example.org'))
      }
      assert.equal((await verifyAudit(store.read)).brokenAt, null)
    } finally {
      await store.close()
      await database.drop()
    }
  },
)
