import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { createWorld } from '../../src/engine/create-world.ts'
import { defineFact, factsAfter, verifyAudit } from '../../src/engine/facts.ts'
import { holdLease, releaseLease } from '../../src/engine/leases.ts'
import { factParked } from '../../src/engine/listeners.ts'
import { cancelTopic, type Delivery, enqueue } from '../../src/engine/outbox.ts'
import { on, type Room } from '../../src/engine/room.ts'
import { assembleEngine, runEngine, travelTo } from '../../src/engine/runner.ts'
import { cancelTimer, setTimer } from '../../src/engine/timers.ts'
import { systemActor } from '../../src/engine/world.ts'
import { travelClock } from '../../src/kit/clock.ts'
import { silentLog } from '../../src/kit/log.ts'
import type { Store } from '../../src/store/store.ts'
import { onEveryStore } from '../harness/stores.ts'

const rang = defineFact<{ times: number }>('bell.rang')
const actor = systemActor('bell')
const START = Date.UTC(2026, 0, 5, 9)

function worldOn(store: Store, instance = 'one') {
  const clock = travelClock(START)
  const world = createWorld({ clock, store, log: silentLog, instance, publicUrl: 'http://localhost' })
  return { clock, world }
}

onEveryStore('the fact log', ({ open, name }) => {
  it('chains its facts, and the database itself refuses to change or remove one', async () => {
    const store = await open()
    const { world } = worldOn(store)
    for (let times = 1; times <= 5; times++)
      await world.transact((tx) => rang.append(tx, world, { subject: 'tower', actor, data: { times } }))
    assert.deepEqual((await verifyAudit(store.read)).brokenAt, null)
    const verbs = [
      'UPDATE facts SET data = data',
      'DELETE FROM facts',
      ...(name === 'postgres' ? ['TRUNCATE facts'] : []),
    ]
    for (const verb of verbs)
      await assert.rejects(
        store.transaction((db) => sql.raw(verb).execute(db)),
        /append-only/,
        verb,
      )
    assert.equal((await factsAfter(store.read, 0, 10)).length, 5)
    await store.close()
  })

  it('says where the chain breaks when somebody gets past the database', async () => {
    const store = await open()
    const { world } = worldOn(store)
    for (let times = 1; times <= 4; times++)
      await world.transact((tx) => rang.append(tx, world, { subject: 'tower', actor, data: { times } }))
    await store.transaction(async (db) => {
      if (name === 'sqlite') await sql.raw('DROP TRIGGER facts_no_update').execute(db)
      else await sql.raw('ALTER TABLE facts DISABLE TRIGGER facts_append_only').execute(db)
      await sql.raw(`UPDATE facts SET data = '{"times":300}' WHERE seq = 3`).execute(db)
    })
    assert.deepEqual((await verifyAudit(store.read)).brokenAt, { seq: 3, reason: 'changed' })
    await store.transaction(async (db) => {
      if (name === 'sqlite') await sql.raw('DROP TRIGGER facts_no_delete').execute(db)
      await sql.raw('DELETE FROM facts WHERE seq = 2').execute(db)
    })
    assert.deepEqual((await verifyAudit(store.read)).brokenAt, { seq: 2, reason: 'missing' })
    await store.close()
  })

  it('keeps its order when many write at once', async () => {
    const store = await open()
    const { world } = worldOn(store)
    await Promise.all(
      Array.from({ length: 40 }, (_, times) =>
        world.transact((tx) => rang.append(tx, world, { subject: 'tower', actor, data: { times } })),
      ),
    )
    const audit = await verifyAudit(store.read)
    assert.equal(audit.facts, 40)
    assert.equal(audit.brokenAt, null)
    await store.close()
  })
})

onEveryStore('listeners', ({ open }) => {
  it('hear each fact once and in order, also after a restart', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const heard: number[] = []
    const room: Room = {
      name: 'street',
      listeners: [
        { name: 'street', hears: [on(rang, async (_tx, _world, fact) => void heard.push(fact.data.times))] },
      ],
    }
    const ring = (times: number) =>
      world.transact((tx) => rang.append(tx, world, { subject: 'tower', actor, data: { times } }))
    await ring(1)
    await ring(2)
    await assembleEngine(world, [room]).drain()
    await ring(3)
    const restarted = assembleEngine(world, [room])
    await travelTo(restarted, clock, START + 60_000)
    assert.deepEqual(heard, [1, 2, 3])
    await store.close()
  })

  it('try a fact they cannot digest again, then park it, say so, and go on', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const heard: number[] = []
    const parked: unknown[] = []
    const room: Room = {
      name: 'street',
      listeners: [
        {
          name: 'street',
          hears: [
            on(rang, async (tx, _world, fact) => {
              await setTimer(tx, {
                key: `half-done-${fact.data.times}`,
                kind: 'street.none',
                dueAt: Number.MAX_SAFE_INTEGER,
              })
              if (fact.data.times === 2) throw new Error('too loud')
              heard.push(fact.data.times)
            }),
          ],
        },
        { name: 'watch', hears: [on(factParked, async (_tx, _world, fact) => void parked.push(fact.data))] },
      ],
    }
    const engine = assembleEngine(world, [room])
    for (const times of [1, 2, 3])
      await world.transact((tx) => rang.append(tx, world, { subject: 'tower', actor, data: { times } }))
    await engine.drain()
    assert.deepEqual(heard, [1])
    await travelTo(engine, clock, START + 10 * 60_000)
    assert.deepEqual(heard, [1, 3])
    assert.deepEqual(parked, [{ listener: 'street', seq: 2, factType: 'bell.rang', error: 'too loud' }])
    const half = await store.read
      .selectFrom('timers')
      .select('key')
      .where('key', '=', 'half-done-2')
      .execute()
    assert.deepEqual(half, [], 'what a failed listener wrote is rolled back')
    await store.close()
  })
})

onEveryStore('durable timers', ({ open }) => {
  it('fire in the order of their instants, once, and can be moved and taken back', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const fired: [string, number][] = []
    const room: Room = {
      name: 'tower',
      timers: { 'tower.ring': async (tx, _world, timer) => void fired.push([timer.key, tx.now - START]) },
    }
    const engine = assembleEngine(world, [room])
    await world.transact(async (tx) => {
      await setTimer(tx, { key: 'b', kind: 'tower.ring', dueAt: START + 2_000 })
      await setTimer(tx, { key: 'a', kind: 'tower.ring', dueAt: START + 1_000 })
      await setTimer(tx, { key: 'moved', kind: 'tower.ring', dueAt: START + 500 })
      await setTimer(tx, { key: 'moved', kind: 'tower.ring', dueAt: START + 3_000 })
      await setTimer(tx, { key: 'gone', kind: 'tower.ring', dueAt: START + 1_500 })
      await cancelTimer(tx, 'gone')
    })
    await travelTo(engine, clock, START + 10_000)
    assert.deepEqual(fired, [
      ['a', 1_000],
      ['b', 2_000],
      ['moved', 3_000],
    ])
    await store.close()
  })

  it('fire once where two replicas race for them', async () => {
    const store = await open()
    const one = worldOn(store, 'one')
    const two = worldOn(store, 'two')
    const fired: string[] = []
    const room: Room = {
      name: 'tower',
      timers: { 'tower.ring': async (_tx, _world, timer) => void fired.push(timer.key) },
    }
    await one.world.transact(async (tx) => {
      for (let i = 0; i < 30; i++) await setTimer(tx, { key: `t${i}`, kind: 'tower.ring', dueAt: START })
    })
    await Promise.all([assembleEngine(one.world, [room]).drain(), assembleEngine(two.world, [room]).drain()])
    assert.equal(fired.length, 30)
    assert.equal(new Set(fired).size, 30)
    await store.close()
  })

  it('that fail are tried again later, and hold up no other', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    let tries = 0
    const fired: string[] = []
    const room: Room = {
      name: 'tower',
      timers: {
        'tower.jam': async () => {
          if (++tries < 3) throw new Error('jammed')
          fired.push('jam')
        },
        'tower.ring': async () => void fired.push('ring'),
      },
    }
    const engine = assembleEngine(world, [room])
    await world.transact(async (tx) => {
      await setTimer(tx, { key: 'jam', kind: 'tower.jam', dueAt: START })
      await setTimer(tx, { key: 'ring', kind: 'tower.ring', dueAt: START })
    })
    await engine.drain()
    assert.deepEqual(fired, ['ring'])
    await travelTo(engine, clock, START + 60_000)
    assert.deepEqual(fired, ['ring', 'jam'])
    await store.close()
  })
})

onEveryStore('the outbox', ({ open }) => {
  function sender(answers: Delivery[], attempts = 5) {
    const log: string[] = []
    const room: Room = {
      name: 'post',
      outbox: {
        'post.send': {
          attempts,
          timeoutMs: 1_000,
          deliver: async (_world, item) => {
            log.push(`${item.key}#${item.attempt}`)
            return answers.shift() ?? { result: 'sent' }
          },
          settled: async (_tx, _world, item, delivery) => void log.push(`${item.key}=${delivery.result}`),
        },
      },
    }
    return { room, log }
  }

  it('delivers once per key, retries what may work later, and gives up in the end', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const later: Delivery = { result: 'retry', reason: 'busy' }
    const { room, log } = sender([later, { result: 'sent' }, later, later, later], 3)
    const engine = assembleEngine(world, [room])
    const queued = await world.transact(async (tx) => [
      await enqueue(tx, { kind: 'post.send', key: 'a', topic: 't', payload: {} }),
      await enqueue(tx, { kind: 'post.send', key: 'a', topic: 't', payload: {} }),
    ])
    assert.deepEqual(queued, [true, false])
    await travelTo(engine, clock, START + 60_000)
    assert.deepEqual(log, ['a#1', 'a#2', 'a=sent'])
    await world.transact((tx) => enqueue(tx, { kind: 'post.send', key: 'b', topic: 't', payload: {} }))
    await travelTo(engine, clock, START + 10 * 60_000)
    assert.deepEqual(log.slice(3), ['b#1', 'b#2', 'b#3', 'b=refused'])
    await store.close()
  })

  it('cancels a whole topic in one transaction', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const { room, log } = sender([])
    const engine = assembleEngine(world, [room])
    await world.transact(async (tx) => {
      await enqueue(tx, {
        kind: 'post.send',
        key: 'now',
        topic: 'alert:1',
        payload: {},
        notBefore: START + 1_000,
      })
      await enqueue(tx, {
        kind: 'post.send',
        key: 'other',
        topic: 'alert:2',
        payload: {},
        notBefore: START + 1_000,
      })
      assert.deepEqual(await cancelTopic(tx, 'alert:1'), ['now'])
    })
    await travelTo(engine, clock, START + 60_000)
    assert.deepEqual(log, ['other#1', 'other=sent'])
    await store.close()
  })

  it('delivers again what a dead process had claimed, under the same key', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const { room, log } = sender([])
    await world.transact(async (tx) => {
      await enqueue(tx, { kind: 'post.send', key: 'a', topic: 't', payload: {} })
      await tx.db
        .updateTable('outbox')
        .set({ state: 'sending', claimed_by: 'dead', claimed_until: START + 20_000, attempts: 1 })
        .execute()
    })
    const engine = assembleEngine(world, [room])
    await travelTo(engine, clock, START + 19_000)
    assert.deepEqual(log, [])
    await travelTo(engine, clock, START + 30_000)
    assert.deepEqual(log, ['a#2', 'a=sent'])
    await store.close()
  })
})

onEveryStore('a claim on the outbox', ({ open }) => {
  it('lasts as long as its own kind may take, not as long as the slowest', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    const delivered: string[] = []
    const handler = (timeoutMs: number, hangs: boolean) => ({
      attempts: 5,
      timeoutMs,
      deliver: async (_world: unknown, item: { key: string }): Promise<Delivery> => {
        if (hangs) return new Promise(() => {})
        delivered.push(item.key)
        return { result: 'sent' }
      },
    })
    const room = (hangs: boolean): Room => ({
      name: 'post',
      outbox: { 'post.quick': handler(10_000, hangs), 'post.slow': handler(600_000, hangs) },
    })
    await world.transact(async (tx) => {
      await enqueue(tx, { kind: 'post.quick', key: 'page', topic: 't', payload: {} })
      await enqueue(tx, { kind: 'post.slow', key: 'drill', topic: 't', payload: {} })
    })
    // The first process claims both and dies in the middle.
    const dying = assembleEngine(world, [room(true)])
    for (const loop of dying.loops) await loop.runDue()
    const survivor = worldOn(store, 'survivor')
    survivor.clock.moveTo(clock.now())
    await travelTo(assembleEngine(survivor.world, [room(false)]), survivor.clock, START + 20_000)
    assert.deepEqual(delivered, ['page'])
    await store.close()
  })
})

onEveryStore('leases', ({ open }) => {
  it('have one holder, who loses it by time', async () => {
    const store = await open()
    const one = worldOn(store, 'one')
    const two = worldOn(store, 'two')
    assert.equal(await holdLease(one.world, 'checks', 10_000), true)
    assert.equal(await holdLease(two.world, 'checks', 10_000), false)
    assert.equal(await holdLease(one.world, 'checks', 10_000), true)
    two.clock.moveTo(START + 10_001)
    assert.equal(await holdLease(two.world, 'checks', 10_000), true)
    assert.equal(await holdLease(one.world, 'checks', 10_000), false)
    await releaseLease(two.world, 'checks')
    assert.equal(await holdLease(one.world, 'checks', 10_000), true)
    await store.close()
  })
})

onEveryStore('a driven engine', ({ open }) => {
  it('sleeps while nothing is due: no loop wakes another, nor itself, with empty work', async () => {
    const store = await open()
    const { clock, world } = worldOn(store)
    let transactions = 0
    const counted = {
      ...world,
      transact: <T>(work: Parameters<typeof world.transact<T>>[0]) => {
        transactions++
        return world.transact(work)
      },
    }
    const heard: number[] = []
    const room: Room = {
      name: 'post',
      listeners: [
        { name: 'post', hears: [on(rang, async (_tx, _world, fact) => void heard.push(fact.seq))] },
      ],
      outbox: { 'post.send': { attempts: 1, timeoutMs: 1_000, deliver: async () => ({ result: 'sent' }) } },
    }
    const running = runEngine(counted, assembleEngine(counted, [room]))
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    try {
      await world.transact((tx) => rang.append(tx, world, { subject: 'tower', actor, data: { times: 1 } }))
      await until(() => heard.length === 1)
      const before = transactions
      for (let i = 0; i < 10; i++) {
        clock.moveTo(clock.now() + 5_000)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      assert.equal(transactions, before, 'fifty seconds of idling need no transaction')
    } finally {
      await running.stop()
      await store.close()
    }
  })
})
