import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { verdictChanged } from './facts.ts'
import type { Monitor } from './monitor.ts'
import { findMonitor, listMonitors } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { readHistory } from './read-history.ts'
import { rollUp } from './roll-up.ts'
import { scheduleFigures } from './room.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const tls = (more = {}) => ({ service: 'docs', type: 'tls', target: 'docs.example.org:443', ...more })
const inMemory = () => openStore({ directory: ':memory:', now: START })
const never = () => new Promise<Observation>(() => {})

/** A store whose transactions wait until they are let through. */
function gated(store: Store) {
  let gate: PromiseWithResolvers<void> | null = null
  const waiting = { count: 0 }
  const slow: Store = {
    ...store,
    async transaction(work) {
      if (gate) {
        waiting.count++
        await gate.promise
      }
      return store.transaction(work)
    },
  }
  return {
    store: slow,
    waiting,
    shut: () => {
      gate = Promise.withResolvers()
    },
    open: () => {
      gate?.resolve()
      gate = null
    },
  }
}

async function turns(until: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !until(); i++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(until(), 'it never came to that')
}

describe('checks that go wrong', () => {
  test('a hundred that never end fill their places and harm no other; all of them turn unknown', async () => {
    const store = await inMemory()
    const begun = new Map<string, number[]>()
    const it = openMonitorsWorld(store, {
      patience: 5,
      async check({ id }: Monitor) {
        begun.set(id, [...(begun.get(id) ?? []), it.clock.now() - START])
        return id.startsWith('hung') ? never() : seen('up')
      },
    })
    const monitors: Record<string, unknown> = {}
    for (let i = 0; i < 100; i++) monitors[`hung-${i}`] = tls({ every: '10s', timeout: '2s' })
    for (let i = 0; i < 20; i++) monitors[`good-${i}`] = tls({ every: '10s' })
    await it.configure({ monitors })
    await it.travel(MINUTE)
    for (let i = 0; i < 20; i++) {
      const times = begun.get(`good-${i}`)!
      times.slice(1).forEach((time, n) => void assert.equal(time - times[n]!, 10 * SECOND))
    }
    const views = await listMonitors(store.read)
    const hung = views.filter(({ id }) => id.startsWith('hung'))
    assert.equal(hung.length, 100)
    for (const { id, state } of hung) {
      assert.deepEqual([state.verdict, state.reason], ['unknown', 'check.not-run'], id)
      assert.equal(begun.get(id)!.length, 1, 'one that hangs is not begun a second time')
      assert.ok(state.since - START <= 2 * 10 * SECOND + SECOND, `${id} turned at ${state.since - START}`)
    }
    assert.equal(scheduleFigures(it.world)!.running, 100)
    await store.close()
  })

  test('a result that comes after all is taken, and the monitor is checked again from then on', async () => {
    const store = await inMemory()
    const late = Promise.withResolvers<Observation>()
    let checks = 0
    const it = openMonitorsWorld(store, {
      patience: 5,
      check: () => (checks++ === 0 ? late.promise : Promise.resolve(seen('up'))),
    })
    await it.configure({ monitors: { a: tls({ every: '10s' }) } })
    await it.travel(25 * SECOND)
    assert.equal((await findMonitor(store.read, 'a'))!.state.reason, 'check.not-run')
    assert.equal(checks, 1)
    late.resolve(seen('up'))
    await it.travel(20 * SECOND)
    assert.equal((await findMonitor(store.read, 'a'))!.state.verdict, 'up')
    assert.equal(checks, 3)
    await store.close()
  })

  test('a check that breaks each time turns the monitor unknown too: its old word is worth nothing', async () => {
    const store = await inMemory()
    let broken = false
    const it = openMonitorsWorld(store, {
      check: () => (broken ? Promise.reject(new Error('our own mistake')) : Promise.resolve(seen('up'))),
    })
    await it.configure({ monitors: { a: tls({ every: '10s' }) } })
    await it.travel(15 * SECOND)
    broken = true
    await it.travel(10 * SECOND)
    assert.equal((await findMonitor(store.read, 'a'))!.state.verdict, 'up', 'once may be an accident')
    await it.travel(10 * SECOND)
    const { state } = (await findMonitor(store.read, 'a'))!
    assert.deepEqual([state.verdict, state.reason], ['unknown', 'check.not-run'])
    broken = false
    await it.travel(10 * SECOND)
    const changes = await it.facts<{ to: string }>(verdictChanged.type)
    assert.deepEqual(
      changes.map(({ data }) => data.to),
      ['up', 'unknown', 'up'],
    )
    await store.close()
  })

  test('whatever checks do: answered in time, or unknown within two intervals', async () => {
    const behaviour = fc.constantFrom('at once', 'slow', 'slower than the interval', 'never', 'breaks')
    const scripts = fc.array(fc.array(behaviour, { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    })
    const EVERY = 10 * SECOND
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 3 }), async (plans, lane) => {
        const store = await inMemory()
        const begun = new Map<string, { at: number; ended: boolean }>()
        const ended = new Map<string, number>()
        const step = new Map<string, number>()
        const it = openMonitorsWorld(store, {
          patience: 5,
          limits: { quick: lane, slow: lane },
          async check({ id }, clock) {
            const plan = plans[Number(id.slice(2))]!
            const index = step.get(id) ?? 0
            step.set(id, index + 1)
            const run = { at: clock.now(), ended: false }
            begun.set(id, run)
            const how = plan[index % plan.length]!
            const wait = { slow: EVERY / 2, 'slower than the interval': 2.5 * EVERY }[how as 'slow']
            if (how === 'never') return never()
            if (wait) await new Promise<void>((resolve) => clock.after(wait, resolve))
            run.ended = true
            if (how === 'breaks') throw new Error('broken')
            ended.set(id, clock.now())
            return seen('up')
          },
        })
        await it.configure({
          monitors: Object.fromEntries(plans.map((_, i) => [`m-${i}`, tls({ every: '10s', timeout: '9s' })])),
        })
        for (let second = 0; second < 150; second += 5) {
          await it.travel(5 * SECOND)
          const now = it.clock.now()
          for (const { id, state } of await listMonitors(store.read)) {
            const run = begun.get(id)
            // It was due one interval after the last word at the latest; two intervals later nobody knows.
            const silent = now - (ended.get(id) ?? START)
            const hangs = run && !run.ended && now - run.at > 2 * EVERY + SECOND
            if (hangs || silent > 3 * EVERY + SECOND)
              assert.equal(state.verdict, 'unknown', `${id} ${second}`)
            if (state.reason === 'check.not-run')
              assert.ok(silent >= EVERY, `${id} was given up although it was heard ${silent} ms ago`)
          }
        }
        await store.close()
      }),
      { numRuns: 25 },
    )
  })
})

describe('stopping', () => {
  test('waits for what is being stored: nothing half done is lost, neither verdict nor history', async () => {
    const store = await inMemory()
    const gate = gated(store)
    const it = openMonitorsWorld(gate.store)
    await it.configure({ monitors: { a: tls({ every: '10s', confirm: 1 }), b: tls({ every: '10s' }) } })
    await it.travel(9 * SECOND)
    it.sees.set('a', seen('down', 'connect.refused'))
    gate.shut()
    it.clock.moveTo(START + 11 * SECOND)
    const loop = it.engine.loops.find(({ name }) => name === 'monitors.schedule')!
    const turn = loop.runDue()
    await turns(() => gate.waiting.count > 0)
    let stopped = false
    const stopping = loop.stop!().then(() => {
      stopped = true
    })
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(stopped, false, 'a transaction is still under way')
    gate.open()
    await Promise.all([stopping, turn])
    assert.equal((await findMonitor(store.read, 'a'))!.state.verdict, 'down')
    await rollUp(it.world)
    for (const id of ['a', 'b']) {
      const points = await readHistory(it.world, id, START, START + MINUTE, 'minute')
      assert.equal(points[0]!.checks, 2, `${id}: both checks are in the history`)
    }
    await store.close()
  })

  test('does not wait for a check that never ends, and takes no result afterwards', async () => {
    const store = await inMemory()
    const late = Promise.withResolvers<Observation>()
    const it = openMonitorsWorld(store, { patience: 5, check: () => late.promise })
    await it.configure({ monitors: { a: tls({ every: '10s', confirm: 1 }) } })
    await it.travel(SECOND)
    const loop = it.engine.loops.find(({ name }) => name === 'monitors.schedule')!
    await loop.stop!()
    late.resolve(seen('down', 'too-late'))
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    assert.equal((await findMonitor(store.read, 'a'))!.state.reason, 'check.never-ran')
    assert.equal(await loop.nextDueAt(), null)
    assert.equal(await loop.runDue(), 0)
    await store.close()
  })
})
