import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { onEveryStore } from '../../test/harness/stores.ts'
import { openStore } from '../store/open-store.ts'
import type { FactsTable } from '../store/schema/engine.ts'
import type { Store } from '../store/store.ts'
import {
  type AuditResult,
  defineFact,
  factHash,
  factsAbout,
  factsAfter,
  GENESIS,
  lastSeq,
  verifyAudit,
} from './facts.ts'
import { actor, START, worldOn } from './for-tests.ts'

const COLUMNS: (keyof FactsTable)[] = [
  ...(['seq', 'id', 'at', 'written_at', 'type', 'subject', 'actor', 'data', 'drill'] as const),
  ...(['prev_hash', 'hash'] as const),
]
const NUMBERS = new Set<keyof FactsTable>(['seq', 'at', 'written_at', 'drill'])
const told = defineFact<unknown>('tale.told')

async function tell(store: Store, data: unknown[], options: { drill?: string } = {}): Promise<void> {
  const { world } = worldOn(store)
  world.drill = options.drill ?? null
  for (const [i, one] of data.entries())
    await world.transact((tx) =>
      told.append(tx, world, { subject: `s${i % 3}`, actor, data: one, at: START - i }),
    )
}

/** Somebody who owns the file, and so gets past the triggers. */
async function unlock(store: Store): Promise<void> {
  await store.transaction(async (db) => {
    await sql.raw('DROP TRIGGER facts_no_update').execute(db)
    await sql.raw('DROP TRIGGER facts_no_delete').execute(db)
  })
}

describe('the chain of the log', () => {
  const FACTS = 8
  let store: Store
  before(async () => {
    store = await openStore({ directory: ':memory:', now: 0 })
    await tell(
      store,
      Array.from({ length: FACTS }, (_, i) => ({ i, text: `tale ${i}`, deep: { list: [i, null] } })),
    )
    await unlock(store)
  })
  after(() => store.close())

  /** Tampers, looks, and puts everything back. */
  async function auditAfter(
    tamper: (db: Parameters<Parameters<Store['transaction']>[0]>[0]) => Promise<unknown>,
  ) {
    let result: AuditResult | null = null
    await store
      .transaction(async (db) => {
        await tamper(db)
        result = await verifyAudit(db)
        throw new Error('put back')
      })
      .catch((error: Error) => assert.equal(error.message, 'put back'))
    return result as AuditResult | null
  }

  it('holds as it was written, and its head names the last fact', async () => {
    const rows = await store.read.selectFrom('facts').selectAll().orderBy('seq').execute()
    assert.deepEqual(Object.keys(rows[0]!).sort(), [...COLUMNS].sort(), 'the test knows every column')
    assert.equal(rows[0]!.prev_hash, GENESIS)
    assert.deepEqual(await verifyAudit(store.read), {
      facts: FACTS,
      brokenAt: null,
      head: rows.at(-1)!.hash,
    })
  })

  it('breaks at the fact of which any column is changed to anything else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: FACTS }),
        fc.constantFrom(...COLUMNS),
        fc.oneof(fc.string(), fc.constantFrom('', GENESIS, '{"i":1}', '0')),
        fc.integer({ min: 0, max: 2 ** 50 }),
        async (seq, column, text, number) => {
          const value = column === 'seq' ? FACTS + 1 + number : NUMBERS.has(column) ? number : text
          const row = await store.read
            .selectFrom('facts')
            .selectAll()
            .where('seq', '=', seq)
            .executeTakeFirst()
          fc.pre(row![column] !== value)
          const audit = await auditAfter((db) =>
            db
              .updateTable('facts')
              .set({ [column]: value })
              .where('seq', '=', seq)
              .execute(),
          )
          assert.ok(audit!.brokenAt, `${column} of ${seq} became ${String(value)}`)
          // The last fact moved to the end of a longer log leaves its old place empty as well.
          assert.equal(audit!.brokenAt.seq, seq)
          assert.equal(audit!.facts, seq - 1)
          const reason = { seq: 'missing', prev_hash: 'unlinked' }[column as string] ?? 'changed'
          assert.equal(audit!.brokenAt.reason, reason)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('breaks where a fact is changed and its own hash made to fit', async () => {
    const audit = await auditAfter(async (db) => {
      const row = await db.selectFrom('facts').selectAll().where('seq', '=', 4).executeTakeFirstOrThrow()
      const forged = { ...row, data: '{"i":400}' }
      const hash = factHash(row.prev_hash, forged)
      await db.updateTable('facts').set({ data: forged.data, hash }).where('seq', '=', 4).execute()
    })
    assert.deepEqual(audit!.brokenAt, { seq: 5, reason: 'unlinked' })
  })

  it('breaks where a fact is taken out, put in or two change places', async () => {
    const gone = await auditAfter((db) => db.deleteFrom('facts').where('seq', '=', 1).execute())
    assert.deepEqual(gone!.brokenAt, { seq: 1, reason: 'missing' })
    const swapped = await auditAfter(async (db) => {
      for (const [from, to] of [
        [3, 99],
        [4, 3],
        [99, 4],
      ] as const)
        await db.updateTable('facts').set({ seq: to }).where('seq', '=', from).execute()
    })
    assert.deepEqual(swapped!.brokenAt, { seq: 3, reason: 'unlinked' })
    const added = await auditAfter(async (db) => {
      const row = await db.selectFrom('facts').selectAll().where('seq', '=', FACTS).executeTakeFirstOrThrow()
      await db
        .insertInto('facts')
        .values({ ...row, seq: FACTS + 1, id: 'forged' })
        .execute()
    })
    assert.deepEqual(added!.brokenAt, { seq: FACTS + 1, reason: 'unlinked' })
  })

  it('does not see a log cut off at its end, but its head does', async () => {
    const whole = await verifyAudit(store.read)
    const cut = await auditAfter((db) =>
      db
        .deleteFrom('facts')
        .where('seq', '>', FACTS - 2)
        .execute(),
    )
    assert.equal(cut!.brokenAt, null)
    assert.notEqual(cut!.head, whole.head)
  })

  it('of nothing holds, with the hash before the first fact as its head', async () => {
    const none = await auditAfter((db) => db.deleteFrom('facts').execute())
    assert.deepEqual(none, { facts: 0, brokenAt: null, head: GENESIS })
  })
})

onEveryStore('a fact', ({ open }) => {
  it('holds whatever JSON holds, and is read as it was written', async () => {
    const store = await open()
    const data = fc.sample(fc.jsonValue({ stringUnit: 'binary' }), { numRuns: 40, seed: 7 })
    data.push({ nul: '\u0000', lone: '\ud800', emoji: '🔔', quote: `'";--`, big: 2 ** 53 - 1, tiny: 5e-324 })
    await tell(store, data)
    assert.equal((await verifyAudit(store.read)).brokenAt, null)
    const facts = await factsAfter(store.read, 0, 1_000)
    assert.deepEqual(
      facts.map((fact) => fact.data),
      data.map((one) => JSON.parse(JSON.stringify(one))),
    )
    await store.close()
  })

  it('knows when it happened, when it was written, who did it and whether in a drill', async () => {
    const store = await open()
    await tell(store, ['live'])
    await tell(store, ['played'], { drill: 'run-1' })
    const [live, played] = await factsAfter(store.read, 0, 10)
    assert.deepEqual([live!.drill, played!.drill], [false, true])
    assert.deepEqual([live!.at, live!.writtenAt, live!.actor], [START, START, 'system:bell'])
    assert.equal(told.is(live!), true)
    assert.equal(defineFact('tale.forgotten').is(live!), false)
    await store.close()
  })

  it('is found by its subject and after its place, in order, as many as were asked for', async () => {
    const store = await open()
    await tell(
      store,
      Array.from({ length: 11 }, (_, i) => i),
    )
    assert.equal(await lastSeq(store.read), 11)
    const about = await factsAbout(store.read, 's1')
    assert.deepEqual(
      about.map((fact) => fact.data),
      [1, 4, 7, 10],
    )
    const page = await factsAfter(store.read, 4, 3)
    assert.deepEqual(
      page.map((fact) => fact.seq),
      [5, 6, 7],
    )
    await store.close()
  })

  it('that its transaction takes back leaves no gap', async () => {
    const store = await open()
    const { world } = worldOn(store)
    await tell(store, ['a'])
    await assert.rejects(
      world.transact(async (tx) => {
        await told.append(tx, world, { subject: 's', actor, data: 'never' })
        throw new Error('no')
      }),
      /no/,
    )
    await tell(store, ['b'])
    const facts = await factsAfter(store.read, 0, 10)
    assert.deepEqual(
      facts.map(({ seq, data }) => [seq, data]),
      [
        [1, 'a'],
        [2, 'b'],
      ],
    )
    assert.equal((await verifyAudit(store.read)).brokenAt, null)
    await store.close()
  })
})

describe('the hash of a fact', () => {
  const row = {
    seq: 1,
    id: 'i',
    at: 1,
    written_at: 2,
    type: 't',
    subject: 's',
    actor: 'a',
    data: '{}',
    drill: 0,
  }

  it('does not depend on the order of the columns, and is fixed for ever: old logs must verify', () => {
    const turned = Object.fromEntries(Object.entries(row).reverse()) as typeof row
    assert.equal(factHash(GENESIS, turned), factHash(GENESIS, row))
    assert.equal(factHash(GENESIS, row), FIXED)
  })

  it('cannot be had by moving text from one column to the next', () => {
    assert.notEqual(
      factHash(GENESIS, { ...row, subject: 'sa', actor: '' }),
      factHash(GENESIS, { ...row, subject: 's', actor: 'a' }),
    )
  })
})

// SHA-256 over the 64 zeros and {"actor":"a","at":1,"data":"{}","drill":0,"id":"i","seq":1,…}.
const FIXED = '4ac104b9bf6c54eeb1293ef67177b323c2cdc0a52e40721d0b7d9e1766479f43'
