import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { freshDatabase, needsPostgres } from '../../test/harness/postgres.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { travelClock } from '../kit/clock.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { gate, mortalWorld, rang, ring, START, worldOn } from './for-tests.ts'
import { cancelTopic, type Delivery, enqueue, type OutboxHandler } from './outbox.ts'
import type { Room } from './room.ts'
import { assembleEngine, runEngine, travelTo } from './runner.ts'
import type { World } from './world.ts'

const TIMEOUT = 10_000

function post(deliver: OutboxHandler['deliver'], more: Partial<OutboxHandler> = {}): Room {
  return { name: 'post', outbox: { 'post.send': { attempts: 5, timeoutMs: TIMEOUT, deliver, ...more } } }
}

const queue = (world: World, ...keys: string[]) =>
  world.transact(async (tx) => {
    for (const key of keys) await enqueue(tx, { kind: 'post.send', key, topic: `t:${key}`, payload: { key } })
  })

const states = async (store: Store) =>
  Object.fromEntries(
    (await store.read.selectFrom('outbox').select(['key', 'state']).orderBy('key').execute()).map((row) => [
      row.key,
      row.state,
    ]),
  )

const SENT: Delivery = { result: 'sent' }

onEveryStore('a process that dies between delivering and recording', ({ open }) => {
  it('causes a second delivery under the same key, and nobody delivers before its claim is over', async () => {
    const store = await open()
    const clock = travelClock(START)
    const dying = mortalWorld(store, 'dying', clock)
    const delivered: string[] = []
    await queue(dying.world, 'page')
    const room = (who: string, after = () => {}) =>
      post(async (_world, item) => {
        delivered.push(`${who} ${item.key}#${item.attempt}`)
        after()
        return SENT
      })
    await assembleEngine(dying.world, [room('dying', dying.kill)]).drain()
    assert.deepEqual(await states(store), { page: 'sending' })

    const survivor = assembleEngine(worldOn(store, 'survivor', clock).world, [room('survivor')])
    await travelTo(survivor, clock, START + TIMEOUT)
    assert.deepEqual(delivered, ['dying page#1'], 'the claim of the dead is respected while it lasts')
    await travelTo(survivor, clock, START + 2 * TIMEOUT)
    assert.deepEqual(delivered, ['dying page#1', 'survivor page#2'])
    assert.deepEqual(await states(store), { page: 'sent' })
    await store.close()
  })

  it('records nothing once it has lost its claim: its late answer does not undo what the other recorded', async () => {
    const store = await open()
    const clock = travelClock(START)
    const slow = worldOn(store, 'slow', clock)
    const quick = worldOn(store, 'quick', clock)
    const { opened, open: answer } = gate()
    const settled: string[] = []
    const room = (name: string, deliver: OutboxHandler['deliver']) =>
      post(deliver, {
        // Longer than the claims of the other process: as if this one had been asleep.
        settled: async (_tx, _world, item, end) => void settled.push(`${name} ${item.key} ${end.result}`),
      })
    await queue(slow.world, 'page')
    const [, , outbox] = assembleEngine(slow.world, [
      room('slow', async () => {
        await opened
        return { result: 'refused', reason: 'late' }
      }),
    ]).loops
    await outbox!.runDue()
    // The claim is over; the timeout of the sleeper has not fired, because its clock stood still.
    await store.transaction((db) =>
      db
        .updateTable('outbox')
        .set({ claimed_until: START - 1 })
        .execute(),
    )
    await assembleEngine(quick.world, [room('quick', async () => SENT)]).drain()
    answer()
    await outbox!.settle!()
    assert.deepEqual(settled, ['quick page sent'])
    assert.deepEqual(await states(store), { page: 'sent' })
    await store.close()
  })

  it('keeps what `settled` wrote and the end of the delivery together', async () => {
    const store = await open()
    const clock = travelClock(START)
    const dying = mortalWorld(store, 'dying', clock)
    await queue(dying.world, 'page')
    const room = post(async () => SENT, {
      settled: async (tx, world) => void (await rang.append(tx, world, ringing)),
    })
    // The first transaction claims, the second records.
    dying.killIn(2)
    await assembleEngine(dying.world, [room]).drain()
    const facts = () => store.read.selectFrom('facts').select('seq').execute()
    assert.deepEqual([await facts(), await states(store)], [[], { page: 'sending' }])
    await travelTo(assembleEngine(worldOn(store, 'next', clock).world, [room]), clock, START + 20_000)
    assert.equal((await facts()).length, 1)
    assert.deepEqual(await states(store), { page: 'sent' })
    await store.close()
  })
})

const ringing = {
  subject: 'tower',
  actor: { id: 'system:bell', name: 'Tocsin', role: 'administrator' as const, personId: null },
  data: { times: 1 },
}

onEveryStore('an attempt', ({ open }) => {
  it('that does not end is told to stop, and counts as one to be repeated', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const seen: string[] = []
    const room = post(
      async (_world, item, signal) => {
        if (item.attempt > 1) return SENT
        signal.addEventListener('abort', () => seen.push('told to stop'))
        return new Promise(() => {})
      },
      { delayed: async (_tx, _world, _item, reason, nextAt) => void seen.push(`${reason}; ${nextAt}`) },
    )
    await queue(world, 'page')
    const engine = assembleEngine(world, [room])
    for (const loop of engine.loops) await loop.runDue()
    clock.moveTo(START + TIMEOUT)
    await engine.drain()
    assert.deepEqual(seen, ['told to stop', `no answer within ${TIMEOUT} ms; ${START + TIMEOUT + 2_000}`])
    await travelTo(engine, clock, START + TIMEOUT + 2_000)
    assert.deepEqual(await states(store), { page: 'sent' })
    await store.close()
  })

  it('that throws is our bug, and is repeated like any other until it counts as refused', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const ends: string[] = []
    const room = post(
      async () => {
        throw new Error('bug')
      },
      {
        attempts: 3,
        settled: async (_tx, _world, _item, end) => void ends.push('reason' in end ? end.reason : ''),
      },
    )
    await queue(world, 'page')
    await travelTo(assembleEngine(world, [room]), clock, START + 60_000)
    assert.deepEqual(ends, ['bug (after 3 attempts)'])
    assert.deepEqual(await states(store), { page: 'refused' })
    await store.close()
  })

  it('under way is not cancelled with its topic, what waits is', async () => {
    const store = await open()
    const { world } = worldOn(store)
    const { opened, open: answer } = gate()
    const room = post(async () => {
      await opened
      return SENT
    })
    await queue(world, 'page')
    const [, , outbox] = assembleEngine(world, [room]).loops
    await outbox!.runDue()
    assert.deepEqual(await world.transact((tx) => cancelTopic(tx, 't:page')), [])
    answer()
    await outbox!.settle!()
    assert.deepEqual(await states(store), { page: 'sent' })
    // A key that was used is never used again, whatever became of it.
    assert.equal(
      await world.transact((tx) => enqueue(tx, { kind: 'post.send', key: 'page', topic: 't', payload: 1 })),
      false,
    )
    await store.close()
  })

  it('waits for a slot where many others hang, and is looked at again soon', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const { opened, open: answer } = gate()
    let started = 0
    const room = post(async () => {
      started++
      await opened
      return SENT
    })
    await queue(world, ...Array.from({ length: 20 }, (_, i) => `k${i}`))
    const [, , outbox] = assembleEngine(world, [room]).loops
    while ((await outbox!.runDue()) > 0);
    assert.ok(started < 20, 'not everything at once')
    const next = await outbox!.nextDueAt()
    assert.ok(
      next !== null && next <= clock.now() + 100,
      'a slot that falls free must not wait for a wake-up',
    )
    assert.ok(next > clock.now(), 'and a full house must not spin')
    answer()
    await outbox!.settle!()
    await outbox!.runDue()
    await outbox!.settle!()
    assert.equal(started, 20)
    await store.close()
  })

  it('of a kind that no room here handles is left to a process that does', async () => {
    const store = await open()
    const { world } = worldOn(store)
    await queue(world, 'page')
    const other: Room = {
      name: 'o',
      outbox: { 'o.x': { attempts: 1, timeoutMs: 1, deliver: async () => SENT } },
    }
    const engine = assembleEngine(world, [other])
    await engine.drain()
    assert.deepEqual(await states(store), { page: 'queued' })
    assert.equal(await engine.nextDueAt(), null, 'and nobody wakes up for it')
    await store.close()
  })
})

describe('two replicas over one PostgreSQL', needsPostgres(), () => {
  it('deliver each item once, and never the same one at the same time', async () => {
    const database = await freshDatabase()
    const stores = await Promise.all(
      ['one', 'two', 'three'].map(() => openStore({ directory: '', databaseUrl: database.url, now: 0 })),
    )
    const clock = travelClock(START)
    const busy = new Set<string>()
    const delivered: string[] = []
    const by = new Set<string>()
    const room = post(async (world, item) => {
      assert.equal(busy.has(item.key), false, `${item.key} is being delivered already`)
      busy.add(item.key)
      await turn()
      delivered.push(item.key)
      by.add(world.instance)
      busy.delete(item.key)
      return SENT
    })
    const worlds = stores.map((store, i) => worldOn(store, `replica-${i}`, clock).world)
    const keys = Array.from({ length: 120 }, (_, i) => `k${String(i).padStart(3, '0')}`)
    await queue(worlds[0]!, ...keys)
    await Promise.all(worlds.map((world) => assembleEngine(world, [room]).drain()))
    assert.deepEqual(delivered.toSorted(), keys)
    assert.ok(by.size > 1, 'the replicas share the work')
    for (const store of stores) await store.close()
    await database.drop()
  })
})

onEveryStore('an engine that is stopped', ({ open }) => {
  it('while it claims starts no delivery any more, and leaves what it claimed to the next', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    await queue(world, 'page')
    const claiming = gate()
    const goOn = gate()
    const { transact } = world
    world.transact = async (work) => {
      claiming.open()
      await goOn.opened
      return transact(work)
    }
    let started = 0
    const room = post(async () => {
      started++
      return SENT
    })
    const running = runEngine(world, assembleEngine(world, [room]))
    await claiming.opened
    const stopped = running.stop()
    goOn.open()
    await stopped
    assert.equal(started, 0)
    // The next process need not wait until a claim is over that nobody holds.
    const next = assembleEngine(worldOn(store, 'next', clock).world, [post(async () => SENT)])
    await next.drain()
    assert.deepEqual(await states(store), { page: 'sent' })
    await store.close()
  })

  it('tells what is under way to stop, waits for it, and leaves it to the next', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    await queue(world, 'page')
    const begun = gate()
    let told = false
    const room = post(async (_world, _item, signal) => {
      begun.open()
      return new Promise(() =>
        signal.addEventListener('abort', () => {
          told = true
        }),
      )
    })
    const running = runEngine(world, assembleEngine(world, [room]))
    await begun.opened
    await running.stop()
    assert.equal(told, true)
    const delivered: number[] = []
    const next = assembleEngine(worldOn(store, 'next', clock).world, [
      post(async (_world, item) => {
        delivered.push(item.attempt)
        return SENT
      }),
    ])
    await next.drain()
    assert.deepEqual(delivered, [2], 'at once: who stopped in order gave its claim back')
    await store.close()
  })

  it('hears no commit any more', async () => {
    const store = await open()
    const { world } = worldOn(store)
    let hearers = 0
    const { onCommit } = world
    world.onCommit = (hear) => {
      hearers++
      const off = onCommit(hear)
      return () => {
        hearers--
        off()
      }
    }
    const running = runEngine(world, assembleEngine(world, [post(async () => SENT)]))
    await ring(world, 1)
    assert.equal(hearers, 1)
    await running.stop()
    assert.equal(hearers, 0)
    await store.close()
  })
})
