/** Random failures, crashes and clock jumps against the rooms that wake people; invariants 1, 2 and 3. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { createSilence, findAlert, listUnresolved } from '../../src/alerts/index.ts'
import type { Delivery } from '../../src/channels/index.ts'
import { type Fact, factsAfter, verifyAudit } from '../../src/engine/facts.ts'
import { MINUTE } from '../../src/kit/duration.ts'
import {
  acknowledgeAlert,
  acknowledgeByLink,
  auditEscalations,
  findEscalation,
} from '../../src/oncall/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { CONFIG, type OncallWorld, oncallWorld, person, secretIn } from '../harness/oncall.ts'
import { freshDatabase, needsPostgres, type RunningPostgres, startPostgres } from '../harness/postgres.ts'

const KEYS = ['disk', 'fan'] as const
const PEOPLE = ['ana', 'bo', 'cleo'] as const
type Weather = 'sent' | 'retry' | 'refused' | 'dies-before' | 'dies-after'

const key = fc.constantFrom(...KEYS)
const who = fc.constantFrom(...PEOPLE)
// Mostly moments, so that things happen while others are under way; sometimes long enough for several steps.
const minutes = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((n) => n / 20),
  fc.integer({ min: 1, max: 30 }),
)
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      key,
      severity: fc.constantFrom('warning' as const, 'critical' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('acknowledge' as const), key, who, byLink: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('silence' as const),
      key,
      minutes: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('travel' as const), minutes }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('crash-in' as const),
      transactions: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('weather' as const),
      who,
      weather: fc.constantFrom<Weather>('sent', 'retry', 'retry', 'refused', 'dies-before', 'dies-after'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('schedule' as const), empty: fc.boolean() }) },
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

const EMPTY = {
  ...CONFIG,
  oncall: { 'web-week': { ...CONFIG.oncall['web-week'], from: '2030-01-07T09:00' } },
}

/** Drives one world through the actions, starting a new process whenever one dies. */
async function live(store: Store, actions: Action[]): Promise<void> {
  const it = await oncallWorld(store)
  await it.verify(...PEOPLE)
  const weather: Record<string, Weather> = {}
  const acknowledged = new Map<string, number>()
  it.capture.answer = (_kind, address, message): Delivery => {
    const now = message.key.startsWith('page:') ? weather[String(address.email).split('@')[0]!] : 'sent'
    if (now === 'retry') return { result: 'retry', reason: 'greylisted' }
    if (now === 'refused') return { result: 'refused', reason: 'no such mailbox' }
    if (now === 'dies-before' || now === 'dies-after') {
      weather[String(address.email).split('@')[0]!] = 'sent'
      it.crash()
    }
    return now === 'dies-before' ? { result: 'retry', reason: 'the process died' } : { result: 'sent' }
  }

  /** Does something that a crash may interrupt; whoever asked is not answered then. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      if (!it.crashed()) throw error
      await it.restart()
      return null
    }
  }
  async function travelTo(at: number): Promise<void> {
    for (let lives = 0; lives < 200; lives++) {
      const arrived = await attempt(async () => {
        await it.travel(Math.max(0, at - it.clock.now()))
        return true
      })
      // Who died on arrival has not yet done what was due there.
      if (it.crashed()) await it.restart()
      else if (arrived) return
    }
    assert.fail('it dies and dies')
  }

  for (const step of actions) {
    switch (step.do) {
      case 'open':
        await attempt(() => it.open(step.key, { severity: step.severity }))
        break
      case 'resolve':
        await attempt(() => it.resolve(step.key))
        break
      case 'acknowledge': {
        const alert = (await listUnresolved(store.read)).find((a) => a.dedupKey === step.key)
        const page =
          alert &&
          it
            .pages()
            .findLast(
              (p) => p.message.key.startsWith(`page:${alert.id}:`) && p.message.link!.label === 'Acknowledge',
            )
        if (!alert || (step.byLink && !page)) break
        const answer = await attempt(() =>
          step.byLink
            ? acknowledgeByLink(it.world, secretIn(page!))
            : acknowledgeAlert(it.world, person(step.who), { alertId: alert.id, via: 'api' }),
        )
        if (!answer) break
        acknowledged.set(alert.id, it.clock.now())
        const pending = await store.read
          .selectFrom('outbox')
          .select('key')
          .where('topic', '=', `alert:${alert.id}`)
          .where('state', '=', 'queued')
          .execute()
        assert.deepEqual(pending, [], 'acknowledging leaves nothing queued (2)')
        break
      }
      case 'silence':
        await attempt(() =>
          createSilence(it.world, person('ana'), {
            match: { dedupKey: step.key },
            until: it.clock.now() + step.minutes * MINUTE,
            reason: 'test',
          }),
        )
        break
      case 'travel':
        await travelTo(it.clock.now() + step.minutes * MINUTE)
        await everyoneWaitsForSomething(it)
        break
      case 'sleep':
        it.clock.moveTo(it.clock.now() + step.minutes * MINUTE)
        break
      case 'crash':
        it.crash()
        await it.restart()
        break
      case 'crash-in':
        it.crashIn(step.transactions)
        break
      case 'weather':
        weather[step.who] = step.weather
        break
      case 'schedule':
        await attempt(() => it.configure(step.empty ? EMPTY : CONFIG))
        break
    }
    if (it.crashed()) await it.restart()
  }

  for (const name of PEOPLE) weather[name] = 'sent'
  await it.restart()
  await travelTo(it.clock.now() + 90 * MINUTE)
  await everyoneWaitsForSomething(it)
  const facts = await allFacts(store)
  await everyAlertEnded(it, facts)
  nobodyWasLeftUnsaid(facts)
  nothingLeftAfterAcknowledgement(it, facts)
  await oneKeyPerPage(it)
  for (const alertId of acknowledged.keys())
    assert.ok(
      facts.some((f) => f.type === 'alert.acknowledged' && f.subject === alertId),
      'what was answered stays',
    )
  assert.equal((await verifyAudit(store.read)).brokenAt, null)
}

async function allFacts(store: Store): Promise<Fact[]> {
  return factsAfter(store.read, 0, 100_000)
}

// The last resort of the policy is paged again every quarter of an hour.
const LONGEST_WAIT = 15 * MINUTE

/** Invariant 1, at any moment: what is open and not silenced has an instant to wait for. */
async function everyoneWaitsForSomething(it: OncallWorld): Promise<void> {
  const now = it.clock.now()
  for (const alert of await listUnresolved(it.store.read)) {
    if (alert.state !== 'open' || alert.silenceId !== null) continue
    const escalation = await findEscalation(it.store.read, alert.id)
    assert.equal(escalation?.status, 'running')
    const timer = await it.store.read
      .selectFrom('timers')
      .select('due_at')
      .where('key', '=', `escalation:${alert.id}`)
      .executeTakeFirst()
    assert.ok(timer && timer.due_at > now, 'a running escalation has a timer ahead (1)')
    assert.ok(timer.due_at <= now + LONGEST_WAIT, 'and not further ahead than its policy says (1)')
  }
  assert.deepEqual((await auditEscalations(it.store.read, now)).problems, [])
}

/** Invariant 1, at the end: acknowledged, resolved, or at the last resort — and the auditor never had to help. */
async function everyAlertEnded(it: OncallWorld, facts: Fact[]): Promise<void> {
  for (const opened of facts.filter((f) => f.type === 'alert.opened')) {
    const about = facts.filter((f) => f.subject === opened.subject).map((f) => f.type)
    const alert = await findAlert(it.store.read, opened.subject)
    assert.ok(
      about.includes('alert.acknowledged') ||
        alert!.state === 'resolved' ||
        about.includes('escalation.last-resort'),
      `${opened.subject} came to nothing: ${about.join(', ')} (1)`,
    )
  }
  assert.deepEqual(
    facts.filter((f) => f.type === 'oncall.audit-failed'),
    [],
  )
}

/** Invariant 2: a step that reached nobody is followed, in the same transaction, by whoever is next. */
function nobodyWasLeftUnsaid(facts: Fact[]): void {
  const goesOn = new Set(['escalation.advanced', 'escalation.last-resort', 'escalation.reached-nobody'])
  for (const [i, fact] of facts.entries()) {
    if (fact.type !== 'escalation.reached-nobody') continue
    if ((fact.data as { stepName: string }).stepName === 'administrators') continue
    const next = facts[i + 1]
    assert.ok(
      next && goesOn.has(next.type) && next.subject === fact.subject && next.writtenAt === fact.writtenAt,
      'it advances at once (2)',
    )
  }
}

const ENDS = new Set(['alert.acknowledged', 'alert.resolved'])

/** Invariant 2: between an acknowledgement and a re-opening no page leaves. */
function nothingLeftAfterAcknowledgement(it: OncallWorld, facts: Fact[]): void {
  for (const { message, at } of it.pages()) {
    const [, alertId, paging] = message.key.split(':')
    if (paging === 'resolved') continue
    const reopens = (f: Fact) => f.type === 'alert.changed' && (f.data as { reopened: boolean }).reopened
    const about = facts.filter((f) => f.subject === alertId)
    // At one instant of the travelled clock the order is that of the log; only what is earlier is certain here.
    const last = about.findLast((f) => f.writtenAt < at && (ENDS.has(f.type) || reopens(f)))
    if (!last || reopens(last) || about.some((f) => f.writtenAt === at && reopens(f))) continue
    assert.fail(`paged after ${last.type} (2)`)
  }
}

/** Invariant 3: at least once, under one key; a copy is recognizable. */
async function oneKeyPerPage(it: OncallWorld): Promise<void> {
  const rows = await it.store.read.selectFrom('pages').selectAll().execute()
  const sent = it.pages()
  for (const row of rows) {
    const copies = sent.filter((m) => m.message.key === row.key)
    if (row.state === 'sent') assert.ok(copies.length >= 1, 'what is noted as sent was sent (3)')
    assert.equal(new Set(copies.map((c) => c.message.link!.url)).size <= 1, true, 'copies carry one link (3)')
    assert.notEqual(row.state, 'queued', 'no page is left undecided (3)')
  }
  const keys = new Set(rows.map((row) => row.key))
  assert.equal(keys.size, rows.length)
  for (const { message } of sent)
    assert.ok(keys.has(message.key), 'nothing is sent that is not written down (3)')
}

async function simulate(open: () => Promise<Store>, numRuns: number, maxLength: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: Math.floor(maxLength / 2), maxLength }),
      async (actions) => {
        const store = await open()
        try {
          await live(store, actions)
        } finally {
          await store.close()
        }
      },
    ),
    { numRuns, endOnFailure: process.env.TOCSIN_SHRINK === undefined },
  )
}

describe('the escalation under random failures, crashes and clock jumps', () => {
  test('on SQLite', async () => {
    await simulate(
      () => openStore({ directory: ':memory:', now: 0 }),
      Number(process.env.TOCSIN_SIMULATIONS ?? 40),
      40,
    )
  })

  describe('on PostgreSQL', needsPostgres(), () => {
    let cluster: RunningPostgres | null = null
    before(async () => {
      if (process.env.TOCSIN_TEST_POSTGRES) return
      cluster = await startPostgres()
      process.env.TOCSIN_TEST_POSTGRES = cluster.url
    })
    after(async () => {
      if (!cluster) return
      delete process.env.TOCSIN_TEST_POSTGRES
      await cluster.stop()
    })

    test('holds as well', async () => {
      await simulate(
        async () => {
          const database = await freshDatabase()
          const store = await openStore({ directory: '', databaseUrl: database.url, now: 0 })
          return {
            ...store,
            close: async () => {
              await store.close()
              await database.drop()
            },
          }
        },
        3,
        12,
      )
    })
  })
})
