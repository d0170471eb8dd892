/**
 * Everything at once: what monitors see, pings, people, silences, maintenance, drills, broken channels, crashes in the
 * middle of transactions and clocks that jump; and the promises of the whole system after each step and at the end.
 * A failure prints its seed: TOCSIN_SEED plays it again, TOCSIN_SHRINK makes it small.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createSilence, listUnresolved } from '../../src/alerts/index.ts'
import type { Delivery } from '../../src/channels/index.ts'
import { MINUTE } from '../../src/kit/duration.ts'
import { planMaintenance, recordPing } from '../../src/monitors/index.ts'
import { acknowledgeAlert, acknowledgeByLink, resolveAlertByHand } from '../../src/oncall/index.ts'
import { runDrill } from '../../src/proofs/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { freshDatabase, needsPostgres } from '../harness/postgres.ts'
import { atRest, atTheEnd, type Memory, nothingYet } from './invariants-for-tests.ts'
import {
  CONFIG,
  MONITORS,
  NOBODY,
  observation,
  PEOPLE,
  type WholeTocsin,
  wholeTocsin,
} from './whole-tocsin-for-tests.ts'

const START = Date.parse('2026-01-07T10:00:00Z')
type Weather = 'sent' | 'retry' | 'refused' | 'dies-before' | 'dies-after'

const monitor = fc.constantFrom(...MONITORS)
const who = fc.constantFrom(...PEOPLE)
const one = <T extends string>(what: T) => fc.constant(what)
const few = (most: number) => fc.integer({ min: 1, max: most })
const weather = fc.constantFrom<Weather>('sent', 'retry', 'refused', 'dies-before', 'dies-after')
const verdict = fc.constantFrom(
  'up' as const,
  'up' as const,
  'degraded' as const,
  'down' as const,
  'down' as const,
)
const signal = fc.constantFrom('', 'start', 'fail', 'log', '3')

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: one('see'), monitor, verdict }) },
  { weight: 3, arbitrary: fc.record({ do: one('ping'), signal }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: one('acknowledge'), who, which: fc.nat(5), byLink: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('resolve'), who, which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: one('silence'), monitor, minutes: few(40) }) },
  { weight: 1, arbitrary: fc.record({ do: one('maintain'), monitor, minutes: few(30), ahead: fc.nat(10) }) },
  { weight: 8, arbitrary: fc.record({ do: one('travel'), minutes: few(12) }) },
  { weight: 2, arbitrary: fc.record({ do: one('jump'), minutes: few(60) }) },
  { weight: 2, arbitrary: fc.record({ do: one('crash') }) },
  { weight: 4, arbitrary: fc.record({ do: one('crash-in'), transactions: few(15) }) },
  { weight: 3, arbitrary: fc.record({ do: one('weather'), who, weather }) },
  { weight: 1, arbitrary: fc.record({ do: one('drill') }) },
  { weight: 1, arbitrary: fc.record({ do: one('configure'), nobody: fc.boolean() }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function act(it: WholeTocsin, memory: Memory, weathers: Record<string, Weather>, now: Step) {
  switch (now.do) {
    case 'see':
      it.seen.set(now.monitor, observation(now.verdict))
      break
    case 'ping': {
      const row = await it.store.read
        .selectFrom('monitors')
        .select('ping_key')
        .where('id', '=', 'backup')
        .executeTakeFirstOrThrow()
      const ping = {
        key: row.ping_key!,
        action: now.signal || undefined,
        method: 'POST',
        remote: '127.0.0.1',
      }
      const answer = await it.attempt(({ world }) => recordPing(world, ping))
      if (answer) assert.equal(answer.status, 200, answer.text)
      if (answer) memory.pings++
      break
    }
    case 'acknowledge':
    case 'resolve': {
      const alerts = await listUnresolved(it.store.read)
      const alert = alerts[now.which % Math.max(1, alerts.length)]
      if (!alert) break
      const alertId = alert.id
      if (now.do === 'resolve') {
        await it.attempt(({ world }) =>
          resolveAlertByHand(world, it.as(now.who), { alertId, reason: 'it is fine' }),
        )
        break
      }
      const page = it.capture.sent.findLast(
        ({ message }) => message.key.startsWith(`page:${alertId}:`) && message.link?.label === 'Acknowledge',
      )
      if (now.byLink && !page) break
      const answer = await it.attempt(({ world }) =>
        now.byLink
          ? acknowledgeByLink(world, page!.message.link!.url.split('/').at(-1)!)
          : acknowledgeAlert(world, it.as(now.who), { alertId, via: 'api' }),
      )
      if (!answer) break
      memory.acknowledged.add(alertId)
      const pending = await it.store.read
        .selectFrom('outbox')
        .select('key')
        .where('topic', '=', `alert:${alertId}`)
        .where('state', '=', 'queued')
        .execute()
      assert.deepEqual(pending, [], 'acknowledging leaves nothing queued (2)')
      break
    }
    case 'silence': {
      const until = it.clock.now() + now.minutes * MINUTE
      const made = await it.attempt(({ world }) =>
        createSilence(world, it.as('bo'), { match: { monitorId: now.monitor }, until, reason: 'known' }),
      )
      if (made) memory.silences.add(made.id)
      break
    }
    case 'maintain': {
      const from = it.clock.now() + now.ahead * MINUTE
      const window = {
        name: 'patches',
        monitors: [now.monitor],
        services: [],
        from,
        to: from + now.minutes * MINUTE,
      }
      const made = await it.attempt(({ world }) => planMaintenance(world, it.as('bo'), window))
      if (made) memory.maintenance.add(made.id)
      break
    }
    case 'travel':
      await it.travel(now.minutes)
      await atRest(it, memory)
      break
    case 'jump':
      it.clock.moveTo(it.clock.now() + now.minutes * MINUTE)
      break
    case 'crash':
      await it.restart()
      break
    case 'crash-in':
      it.crashIn(now.transactions)
      break
    case 'weather':
      weathers[now.who] = now.weather
      break
    case 'drill':
      await it.attempt(({ world }) => runDrill(world, it.as('bo'), 'wakes-ana'))
      break
    case 'configure':
      it.configure(now.nobody ? NOBODY : CONFIG)
      await it.restart()
      break
  }
}

async function live(store: Store, steps: Step[]): Promise<void> {
  const it = await wholeTocsin(store, START)
  try {
    const memory = nothingYet()
    const weathers: Record<string, Weather> = {}
    it.capture.answer = (_kind, address, message): Delivery => {
      const name = String(address.email).split('@')[0]!
      const now = message.key.startsWith('page:') ? weathers[name] : 'sent'
      if (now === 'retry') return { result: 'retry', reason: 'greylisted' }
      if (now === 'refused') return { result: 'refused', reason: 'no such mailbox' }
      if (now !== 'dies-before' && now !== 'dies-after') return { result: 'sent' }
      weathers[name] = 'sent'
      it.crash()
      return now === 'dies-before' ? { result: 'retry', reason: 'the process died' } : { result: 'sent' }
    }
    for (const now of steps) await act(it, memory, weathers, now)
    for (const name of PEOPLE) weathers[name] = 'sent'
    it.configure(CONFIG)
    await it.restart()
    await it.travel(75)
    await atTheEnd(it, memory)
  } finally {
    await it.close()
  }
}

async function simulate(open: () => Promise<Store>, numRuns: number, length: number): Promise<void> {
  const steps = fc.array(step, { minLength: Math.floor(length / 2), maxLength: length })
  await fc.assert(
    fc.asyncProperty(steps, async (some) => live(await open(), some)),
    {
      numRuns,
      endOnFailure: process.env.TOCSIN_SHRINK === undefined,
      ...(process.env.TOCSIN_SEED && { seed: Number(process.env.TOCSIN_SEED) }),
    },
  )
}

describe('the whole of Tocsin under everything at once', () => {
  test('keeps its promises on SQLite', async () => {
    const runs = Number(process.env.TOCSIN_SIMULATIONS ?? 15)
    await simulate(() => openStore({ directory: ':memory:', now: START }), runs, 30)
  })

  test('keeps them on PostgreSQL', needsPostgres(), async () => {
    await simulate(
      async () => {
        const database = await freshDatabase()
        const store = await openStore({ directory: '', databaseUrl: database.url, now: START })
        return {
          ...store,
          close: async () => {
            await store.close()
            await database.drop()
          },
        }
      },
      2,
      8,
    )
  })
})
