import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { freshDatabase, needsPostgres } from '../../test/harness/postgres.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { travelClock } from '../kit/clock.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { defineFact, factsAfter, lastSeq } from './facts.ts'
import { actor, mortalWorld, rang, ring, START, worldOn } from './for-tests.ts'
import { factParked, listenerLags } from './listeners.ts'
import { on, type Room } from './room.ts'
import { assembleEngine, travelTo } from './runner.ts'
import { setTimer } from './timers.ts'

const echoed = defineFact<{ of: number; by: string }>('bell.echoed')
const coughed = defineFact<object>('crowd.coughed')

/** Answers every ring with an echo, in the transaction in which it hears it. */
const street = (by = 'street'): Room => ({
  name: 'street',
  listeners: [
    {
      name: 'street',
      hears: [
        on(rang, async (tx, world, fact) => {
          await echoed.append(tx, world, { subject: 'street', actor, data: { of: fact.data.times, by } })
        }),
      ],
    },
  ],
})

const echoes = async (store: Store) =>
  (await factsAfter(store.read, 0, 10_000)).filter(echoed.is).map((fact) => fact.data.of)

const cursor = async (store: Store, name = 'street') =>
  (await store.read.selectFrom('listeners').selectAll().where('name', '=', name).executeTakeFirstOrThrow())
    .cursor

onEveryStore('a listener', ({ open }) => {
  it('hears exactly once, wherever its process dies', async () => {
    // Every place between the first transaction and the last.
    for (let deaths = 1; deaths <= 8; deaths++) {
      const store = await open()
      const clock = travelClock(START)
      const { world } = worldOn(store, 'writer', clock)
      for (const times of [1, 2, 3]) await ring(world, times)
      const dying = mortalWorld(store, 'dying', clock)
      dying.killIn(deaths)
      await assembleEngine(dying.world, [street('dying')])
        .drain()
        .catch((error: Error) => assert.match(error.message, /dead|died/))
      await travelTo(
        assembleEngine(worldOn(store, 'next', clock).world, [street('next')]),
        clock,
        START + 120_000,
      )
      assert.deepEqual(await echoes(store), [1, 2, 3], `it died in transaction ${deaths}`)
      await store.close()
    }
  })

  it('moves past what does not concern it, and does not wake up for it again', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    const engine = assembleEngine(world, [street()])
    for (let i = 0; i < 250; i++)
      await world.transact((tx) => coughed.append(tx, world, { subject: 'crowd', actor, data: {} }))
    await engine.drain()
    assert.equal(await cursor(store), 250)
    assert.equal(await engine.nextDueAt(), null)
    await ring(world, 1)
    assert.equal((await listenerLags(store.read))[0]!.behind, 1)
    assert.ok((await engine.nextDueAt())! <= clock.now())
    await engine.drain()
    assert.deepEqual(await echoes(store), [1])
    // Its own echo is the newest fact, and is heard of no more than the coughs were.
    assert.deepEqual(await listenerLags(store.read), [{ name: 'street', behind: 0, error: null }])
    await store.close()
  })

  it('that joins later hears everything from the beginning', async () => {
    const store = await open()
    const { world } = worldOn(store)
    const engine = assembleEngine(world, [street()])
    for (const times of [1, 2]) await ring(world, times)
    await engine.drain()
    const heard: number[] = []
    const late: Room = {
      name: 'late',
      listeners: [
        { name: 'late', hears: [on(rang, async (_tx, _world, fact) => void heard.push(fact.data.times))] },
      ],
    }
    await assembleEngine(world, [street(), late]).drain()
    assert.deepEqual(heard, [1, 2])
    assert.deepEqual(await echoes(store), [1, 2])
    await store.close()
  })

  it('that fails holds up no other listener, keeps its order, and remembers its tries over a restart', async () => {
    const store = await open()
    const { world, clock } = worldOn(store)
    const heard: string[] = []
    let broken = true
    const rooms: Room[] = [
      {
        name: 'a',
        listeners: [
          {
            name: 'a',
            hears: [
              on(rang, async (_tx, _world, fact) => {
                if (fact.data.times === 1 && broken) throw new Error('not now')
                heard.push(`a${fact.data.times}`)
              }),
            ],
          },
          {
            name: 'b',
            hears: [on(rang, async (_tx, _world, fact) => void heard.push(`b${fact.data.times}`))],
          },
        ],
      },
    ]
    for (const times of [1, 2]) await ring(world, times)
    await assembleEngine(world, rooms).drain()
    assert.deepEqual(heard, ['b1', 'b2'])
    const row = () =>
      store.read.selectFrom('listeners').selectAll().where('name', '=', 'a').executeTakeFirstOrThrow()
    const { attempts, retry_at, last_error } = await row()
    assert.deepEqual([attempts, last_error], [1, 'not now'])
    const restarted = assembleEngine(world, rooms)
    await restarted.drain()
    assert.equal((await row()).attempts, 1, 'a restart does not spend a try before its time')
    broken = false
    await travelTo(restarted, clock, retry_at)
    assert.deepEqual(heard.slice(2), ['a1', 'a2'])
    assert.equal((await row()).last_error, null)
    await store.close()
  })
})

describe('listeners of two replicas', needsPostgres(), () => {
  it('hear each fact once between them, in order', async () => {
    const database = await freshDatabase()
    const stores = [0, 1].map(() => openStore({ directory: '', databaseUrl: database.url, now: 0 }))
    const [one, two] = (await Promise.all(stores)) as [Store, Store]
    const clock = travelClock(START)
    const engines = [one, two].map((store, i) =>
      assembleEngine(worldOn(store, `replica-${i}`, clock).world, [street(`replica-${i}`)]),
    )
    const { world } = worldOn(one, 'writer', clock)
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 4; i++) await ring(world, round * 4 + i)
      await Promise.all(engines.map((engine) => engine.drain()))
    }
    await travelTo(engines[0]!, clock, START + 600_000)
    assert.deepEqual(
      await echoes(one),
      Array.from({ length: 24 }, (_, i) => i),
    )
    await Promise.all([one.close(), two.close()])
    await database.drop()
  })
})

onEveryStore('a replica that cannot digest what the other one could', ({ open }) => {
  it('does not send the other back to the beginning when it gives up', async () => {
    const store = await open()
    const clock = travelClock(START)
    const healthy = assembleEngine(worldOn(store, 'healthy', clock).world, [street('healthy')])
    const { world } = worldOn(store, 'sick', clock)
    let tries = 0
    const sick: Room = {
      name: 'street',
      listeners: [
        {
          name: 'street',
          hears: [
            on(rang, async () => {
              tries++
              throw new Error('no memory')
            }),
          ],
        },
      ],
    }
    const writer = worldOn(store, 'writer', clock).world
    for (const times of [1, 2, 3]) await ring(writer, times)
    const { transact } = world
    // Between the sixth failure and its record the healthy one hears everything.
    world.transact = async (work) => {
      if (tries === 6) {
        tries = Infinity
        clock.moveTo(clock.now() + 600_000)
        await healthy.drain()
      }
      return transact(work)
    }
    const engine = assembleEngine(world, [sick])
    await travelTo(engine, clock, START + 600_000).catch(() => {})
    assert.equal(tries, Infinity, 'the story was played')
    await healthy.drain()
    await travelTo(healthy, clock, clock.now() + 600_000)
    assert.deepEqual(await echoes(store), [1, 2, 3], 'each was heard once')
    assert.deepEqual(
      (await factsAfter(store.read, 0, 100)).filter(factParked.is),
      [],
      'and none is called undigested',
    )
    await store.close()
  })
})

describe('listeners, timers and crashes in any order', () => {
  it('do everything once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.constant('ring' as const), fc.constant('run' as const), fc.integer({ min: 1, max: 6 })),
          {
            minLength: 3,
            maxLength: 25,
          },
        ),
        async (steps) => {
          const store = await openStore({ directory: ':memory:', now: 0 })
          const clock = travelClock(START)
          const writer = worldOn(store, 'writer', clock).world
          // A ring sets a timer, the timer makes an echo: each of them in a transaction that may die.
          const room: Room = {
            name: 'street',
            listeners: [
              {
                name: 'street',
                hears: [
                  on(rang, (tx, _world, { data }) =>
                    setTimer(tx, {
                      key: `echo:${data.times}`,
                      kind: 'street.echo',
                      dueAt: tx.now + 500,
                      payload: data,
                    }),
                  ),
                ],
              },
            ],
            timers: {
              'street.echo': async (tx, world, timer) => {
                const { times } = timer.payload as { times: number }
                await echoed.append(tx, world, { subject: 'street', actor, data: { of: times, by: '' } })
              },
            },
          }
          let rings = 0
          let lives = 0
          for (const step of steps) {
            if (step === 'ring') await ring(writer, rings++)
            else {
              const mortal = mortalWorld(store, `life-${lives++}`, clock)
              if (typeof step === 'number') mortal.killIn(step)
              await travelTo(assembleEngine(mortal.world, [room]), clock, clock.now() + 1_000).catch(
                (error) => assert.ok(mortal.dead(), error),
              )
            }
          }
          const last = assembleEngine(worldOn(store, 'last', clock).world, [room])
          await travelTo(last, clock, clock.now() + 600_000)
          assert.deepEqual(
            (await echoes(store)).toSorted((a, b) => a - b),
            Array.from({ length: rings }, (_, i) => i),
          )
          assert.ok((await lastSeq(store.read)) === 2 * rings)
          await store.close()
        },
      ),
      { numRuns: 30 },
    )
  })
})
