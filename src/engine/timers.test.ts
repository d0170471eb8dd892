import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { onEveryStore } from '../../test/harness/stores.ts'
import { travelClock } from '../kit/clock.ts'
import { DAY, MINUTE, SECOND } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { gate, mortalWorld, START, worldOn } from './for-tests.ts'
import type { Room } from './room.ts'
import { assembleEngine, runEngine, travelTo } from './runner.ts'
import { cancelTimer, findTimer, setTimer, type TimerHandler } from './timers.ts'
import type { World } from './world.ts'

const KIND = 'tower.ring'
const tower = (handler: TimerHandler): Room => ({ name: 'tower', timers: { [KIND]: handler } })
const set = (world: World, key: string, dueAt: number, payload?: unknown) =>
  world.transact((tx) => setTimer(tx, { key, kind: KIND, dueAt, payload }))

onEveryStore('a durable timer', ({ open }) => {
  it('fires again where its process died before the commit, and its effects happen once', async () => {
    const store = await open()
    const clock = travelClock(START)
    const dying = mortalWorld(store, 'dying', clock)
    await set(dying.world, 'noon', START + SECOND)
    // The effect and the removal of the timer are one: a timer that sets another shows it.
    const room: Room = {
      name: 'tower',
      timers: {
        [KIND]: async (tx, _world, timer) =>
          setTimer(tx, { key: `after:${timer.key}`, kind: 'tower.never', dueAt: START + DAY }),
        'tower.never': async () => {},
      },
    }
    dying.killIn(1)
    await travelTo(assembleEngine(dying.world, [room]), clock, START + SECOND).catch(() => {})
    assert.ok(await findTimer(store.read, 'noon'), 'what died did not happen')
    assert.equal(await findTimer(store.read, 'after:noon'), null)
    await travelTo(assembleEngine(worldOn(store, 'next', clock).world, [room]), clock, START + MINUTE)
    assert.equal(await findTimer(store.read, 'noon'), null)
    assert.ok(await findTimer(store.read, 'after:noon'))
    await store.close()
  })

  it('may set itself anew, and is not lost nor doubled by it', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    const fired: number[] = []
    const engine = assembleEngine(world, [
      tower(async (tx, _world, timer) => {
        fired.push((tx.now - START) / SECOND)
        await setTimer(tx, { ...timer, dueAt: tx.now + 10 * SECOND })
      }),
    ])
    await set(world, 'every-ten', START + 10 * SECOND)
    await travelTo(engine, clock, START + 45 * SECOND)
    assert.deepEqual(fired, [10, 20, 30, 40])
    // Whoever wakes up late catches up with one ring, because the timer says when the next is.
    clock.moveTo(START + 95 * SECOND)
    await engine.drain()
    assert.deepEqual(fired.slice(4), [95])
    await store.close()
  })

  it('that is moved while it is about to fire fires at its new instant only', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    const fired: [string, number][] = []
    const engine = assembleEngine(world, [
      tower(async (tx, _world, timer) => {
        fired.push([timer.key, tx.now - START])
        if (timer.key !== 'a') return
        // Both are read already in the same look; the first takes the second along, and takes the third back.
        await setTimer(tx, { key: 'b', kind: KIND, dueAt: START + 5 * SECOND })
        await cancelTimer(tx, 'c')
      }),
    ])
    for (const key of ['a', 'b', 'c']) await set(world, key, START)
    await engine.drain()
    assert.deepEqual(fired, [['a', 0]])
    await travelTo(engine, clock, START + MINUTE)
    assert.deepEqual(fired.slice(1), [['b', 5_000]])
    await store.close()
  })

  it('carries what was written for it, and a new setting replaces all of it', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    const seen: unknown[] = []
    const engine = assembleEngine(world, [tower(async (_tx, _world, timer) => void seen.push(timer.payload))])
    await set(world, 'a', START + 1, { list: [1, { deep: '🔔' }] })
    await set(world, 'b', START + 2, { old: true })
    await set(world, 'b', START + 2)
    assert.deepEqual((await findTimer(store.read, 'a'))!.payload, { list: [1, { deep: '🔔' }] })
    await travelTo(engine, clock, START + 10)
    assert.deepEqual(seen, [{ list: [1, { deep: '🔔' }] }, {}])
    await store.close()
  })

  it('of a kind that nobody handles says so, is kept, and holds up no other', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    const errors: string[] = []
    world.log = { ...world.log, error: (fields) => void errors.push((fields as { error: string }).error) }
    const fired: string[] = []
    const engine = assembleEngine(world, [tower(async (_tx, _world, timer) => void fired.push(timer.key))])
    await world.transact((tx) => setTimer(tx, { key: 'a', kind: 'gone.room', dueAt: START }))
    await set(world, 'b', START)
    await travelTo(engine, clock, START + 3 * SECOND)
    assert.deepEqual(fired, ['b'])
    assert.match(errors[0]!, /no room handles the timer kind "gone.room"/)
    const row = await store.read.selectFrom('timers').selectAll().executeTakeFirstOrThrow()
    assert.ok(row.attempts >= 1 && row.due_at > START, 'it is tried again, later and later')
    assert.match(row.last_error!, /gone.room/)
    await store.close()
  })

  it('that is set again by a person forgets that it failed', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    let jammed = true
    const engine = assembleEngine(world, [
      tower(async () => {
        if (jammed) throw new Error('jammed')
      }),
    ])
    await set(world, 'a', START)
    await travelTo(engine, clock, START + 20 * SECOND)
    jammed = false
    await set(world, 'a', clock.now())
    const row = await store.read.selectFrom('timers').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([row.attempts, row.last_error], [0, null])
    await engine.drain()
    assert.equal(await findTimer(store.read, 'a'), null)
    await store.close()
  })
})

describe('the travelled engine', () => {
  it('fires timers at their own instants in the order of time, whatever order they were set in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ key: fc.nat(40), at: fc.nat(100) }, { noNullPrototype: true }), {
          selector: ({ key }) => key,
          minLength: 1,
          maxLength: 20,
        }),
        fc.array(fc.nat(60), { maxLength: 5 }),
        async (timers, stops) => {
          const store = await openStore({ directory: ':memory:', now: 0 })
          const { world, clock } = worldOn(store)
          const fired: { key: number; at: number }[] = []
          const engine = assembleEngine(world, [
            tower(
              async (tx, _world, timer) => void fired.push({ key: Number(timer.key), at: tx.now - START }),
            ),
          ])
          for (const { key, at } of timers) await set(world, String(key), START + at)
          for (const stop of stops) {
            await travelTo(engine, clock, clock.now() + stop)
            assert.equal(fired.length, timers.filter(({ at }) => START + at <= clock.now()).length)
          }
          await travelTo(engine, clock, START + 1_000)
          const expected = timers.toSorted((a, b) => a.at - b.at || (String(a.key) < String(b.key) ? -1 : 1))
          assert.deepEqual(fired, expected)
          assert.equal(clock.now(), START + 1_000)
          await store.close()
        },
      ),
      { numRuns: 40 },
    )
  })

  it('does not let a loop that stays due, and does nothing, hold time still', async () => {
    const store = await openStore({ directory: ':memory:', now: 0 })
    const { world, clock } = worldOn(store)
    const stuck: Room = {
      name: 'stuck',
      loops: () => [{ name: 'stuck', nextDueAt: async () => START, runDue: async () => 0 }],
    }
    await travelTo(assembleEngine(world, [stuck]), clock, START + 20)
    assert.equal(clock.now(), START + 20)
    await store.close()
  })

  it('is refused when two rooms want the same kind', async () => {
    const store = await openStore({ directory: ':memory:', now: 0 })
    const { world } = worldOn(store)
    const room = tower(async () => {})
    assert.throws(
      () => assembleEngine(world, [room, { ...room, name: 'other' }]),
      /two rooms handle "tower.ring"/,
    )
    await store.close()
  })
})

describe('the driven engine', () => {
  it('stops after what it is doing: the transaction under way is kept, and no other begins', async () => {
    const store = await openStore({ directory: ':memory:', now: 0 })
    const { world } = worldOn(store)
    const begun = gate()
    const finish = gate()
    const fired: string[] = []
    const room = tower(async (_tx, _world, timer) => {
      begun.open()
      await finish.opened
      fired.push(timer.key)
    })
    await set(world, 'now', START)
    await set(world, 'later', START + MINUTE)
    const running = runEngine(world, assembleEngine(world, [room]))
    await begun.opened
    let over = false
    const stopped = running.stop().then(() => {
      over = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(over, false, 'a stop waits')
    finish.open()
    await stopped
    assert.deepEqual(fired, ['now'])
    assert.equal(await findTimer(store.read, 'now'), null)
    assert.ok(await findTimer(store.read, 'later'))
    assert.equal((world.clock as ReturnType<typeof travelClock>).nextAt(), null, 'no wake-up is left behind')
    await store.close()
  })

  it('goes on after a loop that throws, and says when each last came round', async () => {
    const store = await openStore({ directory: ':memory:', now: 0 })
    const { world, clock } = worldOn(store)
    let turns = 0
    const errors: string[] = []
    world.log = { ...world.log, error: (fields) => void errors.push((fields as { error: string }).error) }
    const twice = gate()
    const room: Room = {
      name: 'shaky',
      loops: () => [
        {
          name: 'shaky',
          nextDueAt: async () => null,
          async runDue() {
            if (++turns === 1) throw new Error('the database is away')
            twice.open()
            return 0
          },
        },
      ],
    }
    const running = runEngine(world, assembleEngine(world, [room]))
    const tick = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      clock.moveTo(clock.now() + SECOND)
    }
    for (let i = 0; i < 50 && turns < 2; i++) await tick()
    await twice.opened
    assert.deepEqual(errors, ['the database is away'])
    assert.deepEqual(Object.keys(running.lastTurns()).sort(), ['listeners', 'outbox', 'shaky', 'timers'])
    await running.stop()
    await store.close()
  })
})
