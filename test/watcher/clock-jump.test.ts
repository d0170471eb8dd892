/** The clock is set by an hour, forwards and backwards, or the process sleeps: no false alarm, no storm of checks. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { captureChannels, channelSettings } from '../../src/channels/index.ts'
import { createWorld } from '../../src/engine/create-world.ts'
import { factsAfter } from '../../src/engine/facts.ts'
import { assembleEngine, runEngine } from '../../src/engine/runner.ts'
import { setTimer } from '../../src/engine/timers.ts'
import { systemActor } from '../../src/engine/world.ts'
import { type Clock, systemClock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import {
  applyMonitorsConfig,
  findMonitor,
  monitorsConfig,
  monitorsRoom,
  recordPing,
  scheduleFigures,
} from '../../src/monitors/index.ts'
import { oncallRoom } from '../../src/oncall/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { until } from '../harness/tocsin.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** The machine's clock, as somebody may set it. */
function settableClock(): Clock & { set(by: number): void } {
  let by = 0
  return {
    now: () => systemClock.now() + by,
    after: systemClock.after,
    set(ms) {
      by += ms
    },
  }
}

async function running() {
  const clock = settableClock()
  const store = await openStore({ directory: ':memory:', now: clock.now() })
  const world = createWorld({ clock, store, log: silentLog, instance: 'one', publicUrl: 'http://localhost' })
  const checks: number[] = []
  const monitors = monitorsRoom({
    async check() {
      checks.push(systemClock.now())
      return { verdict: 'up', reason: 'ok', summary: 'well', tookMs: 1, values: {} }
    },
  })
  const oncall = oncallRoom({ channels: captureChannels().channels, settings: () => channelSettings() })
  const engine = assembleEngine(world, [monitors, oncall])
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [
      `m${i}`,
      { service: 'docs', type: 'tcp', target: '127.0.0.1:9', every: '60s' },
    ]),
  )
  await world.transact((tx) =>
    applyMonitorsConfig(
      tx,
      world,
      systemActor('app'),
      monitorsConfig.parse({
        monitors: {
          ...many,
          job: {
            service: 'docs',
            type: 'heartbeat',
            every: '10m',
            startGrace: '1m',
            pingKey: 'the-key-of-the-nightly-job',
          },
          run: {
            service: 'docs',
            type: 'heartbeat',
            every: '10m',
            startGrace: '1m',
            maxRun: '20m',
            pingKey: 'the-key-of-a-longer-job',
          },
        },
      }),
    ),
  )
  const ping = (key: string, action?: string) =>
    recordPing(world, {
      key,
      action,
      slug: undefined,
      rid: undefined,
      method: 'GET',
      remote: '127.0.0.1',
      body: undefined,
    })
  await ping('the-key-of-the-nightly-job')
  await ping('the-key-of-a-longer-job', 'start')
  // A step of an escalation, five minutes from now.
  await world.transact((tx) =>
    setTimer(tx, {
      key: 'a-step',
      kind: 'oncall.escalate',
      dueAt: tx.now + 5 * MINUTE,
      payload: { alertId: 'none' },
    }),
  )
  await monitors.start?.(world)
  const engineRuns = runEngine(world, engine)
  await until('some checks', 5_000, async () => checks.length > 20)
  return {
    clock,
    world,
    checks,
    async verdict(id: string) {
      const found = (await findMonitor(store.read, id))!
      return [found.state.verdict, found.state.reason]
    },
    step: async () =>
      (await store.read.selectFrom('timers').select('due_at').where('key', '=', 'a-step').executeTakeFirst())
        ?.due_at,
    changes: async () =>
      (await factsAfter(store.read, 0, 10_000)).filter(
        ({ type, data }) => type === 'monitor.verdict-changed' && (data as { to: string }).to !== 'up',
      ),
    async stop() {
      await engineRuns.stop()
      await store.close()
    },
  }
}

for (const [what, by] of [
  ['an hour forwards', HOUR],
  ['an hour backwards', -HOUR],
] as const)
  describe(`the clock is set ${what}`, () => {
    test('no heartbeat is called late, no check is missed, none is waited for, and steps keep their distance', async (t) => {
      const it = await running()
      try {
        const missedBefore = scheduleFigures(it.world)!.checksMissed
        const before = it.checks.length
        it.clock.set(by)
        const at = systemClock.now()
        // Longer than the loops sleep.
        await until('the checks go on', 10_000, async () => it.checks.length > before + 5)
        const first = it.checks[before]! - at
        await until('three seconds have passed', 10_000, async () => systemClock.now() - at > 3_000)
        const after = it.checks.length - before
        const missed = scheduleFigures(it.world)!.checksMissed - missedBefore
        t.diagnostic(`first check after ${first} ms, ${after} checks in 3 s, ${missed} missed`)
        assert.deepEqual(await it.verdict('job'), ['up', 'ok'])
        assert.notEqual((await it.verdict('run'))[0], 'down')
        assert.deepEqual(await it.changes(), [])
        assert.ok(after < 100, `a storm of ${after} checks`)
        assert.equal(missed, 0)
        const step = await it.step()
        // Backwards it keeps its five minutes; forwards it is due, and runs: early is safe.
        if (by < 0)
          assert.ok(Math.abs(step! - it.clock.now() - 5 * MINUTE) < 30_000, `${step! - it.clock.now()}`)
        // A job that is really dead is noticed after its own time, not an hour later.
        const timer = await it.world.store.read
          .selectFrom('timers')
          .select('due_at')
          .where('key', '=', 'monitors.heartbeat:job')
          .executeTakeFirstOrThrow()
        assert.ok(timer.due_at - it.clock.now() <= 11 * MINUTE)
      } finally {
        await it.stop()
      }
    })
  })
