/** Where the two databases differ, the rooms must not notice. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { sql } from 'kysely'
import { needsPostgres } from '../../test/harness/postgres.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { TocsinError } from '../kit/errors.ts'
import { copyTables } from './copy-tables.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migration.ts'
import { isDuplicate, openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { touched } from './store.ts'

const lease = (name: string, until = 1) => ({ name, holder: 'one', until })
const timer = (key: string, more: object = {}) => ({
  ...{ key, kind: 'k', due_at: 1, payload: '{}', version: 1, attempts: 0, last_error: null },
  ...more,
})

onEveryStore('on both databases', ({ open, name }) => {
  it('text, JSON, instants and truth come back as they went in', async () => {
    const store = await open()
    const odd = ['', ' ', `'";--`, '🔔 Ærø \u200b', 'a\nb\tc\\d', 'null', '0', 'x'.repeat(100_000)]
    await store.transaction(async (db) => {
      for (const [i, text] of odd.entries())
        await db
          .insertInto('timers')
          .values(timer(`t${i}`, { payload: JSON.stringify({ text }), kind: text, due_at: 2 ** 53 - 1 - i }))
          .execute()
    })
    const rows = await store.read.selectFrom('timers').selectAll().orderBy('key').execute()
    assert.deepEqual(
      rows.map((row) => [row.kind, JSON.parse(row.payload).text, row.due_at, row.last_error]),
      odd.map((text, i) => [text, text, 2 ** 53 - 1 - i, null]),
    )
    await store.close()
  })

  it('a comparison that is true is the number 1 to the rooms, and a boolean handed in is 0 or 1', async () => {
    const store = await open()
    await store.transaction((db) =>
      db
        .insertInto('timers')
        .values([timer('a'), timer('b')])
        .execute(),
    )
    const value = (flag: boolean) => (flag ? 1 : 0)
    await store.transaction((db) =>
      db
        .updateTable('timers')
        .set({ attempts: value(true) })
        .where('key', '=', 'a')
        .execute(),
    )
    const rows = await store.read.selectFrom('timers').select(['key', 'attempts']).orderBy('key').execute()
    assert.deepEqual(
      rows.map((row) => [row.key, row.attempts]),
      [
        ['a', 1],
        ['b', 0],
      ],
    )
    await store.close()
  })

  it('nulls stand where they are told to stand', async () => {
    const store = await open()
    await store.transaction((db) =>
      db
        .insertInto('timers')
        .values([timer('a'), timer('b', { last_error: 'x' }), timer('c', { last_error: 'a' })])
        .execute(),
    )
    const order = async (nulls: 'first' | 'last') =>
      (
        await store.read
          .selectFrom('timers')
          .select('key')
          .orderBy('last_error', (o) => (nulls === 'first' ? o.asc().nullsFirst() : o.asc().nullsLast()))
          .execute()
      ).map((row) => row.key)
    assert.deepEqual(
      [await order('first'), await order('last')],
      [
        ['a', 'c', 'b'],
        ['c', 'b', 'a'],
      ],
    )
    await store.close()
  })

  it('an update or a removal says how many rows it touched', async () => {
    const store = await open()
    const counts = await store.transaction(async (db) => {
      await db
        .insertInto('leases')
        .values([lease('a'), lease('b'), lease('c')])
        .execute()
      const none = await db.updateTable('leases').set({ until: 2 }).where('name', '=', 'z').executeTakeFirst()
      const two = await db.updateTable('leases').set({ until: 2 }).where('name', '<', 'c').executeTakeFirst()
      const gone = await db.deleteFrom('leases').executeTakeFirst()
      return [touched(none), touched(two), touched(gone), touched(undefined)]
    })
    assert.deepEqual(counts, [0, 2, 3, 0])
    await store.close()
  })

  it('a copy of thousands of rows is whole, keeps what is there, and can be made twice', async () => {
    const store = await open()
    const other = await openStore({ directory: ':memory:', now: 0 })
    await store.transaction(async (db) => {
      for (let i = 0; i < 2_500; i += 500)
        await db
          .insertInto('timers')
          .values(Array.from({ length: 500 }, (_, k) => timer(`t${i + k}`, { payload: `{"i":${i + k}}` })))
          .execute()
      await db.insertInto('leases').values(lease('a')).execute()
    })
    await other.transaction((db) => db.insertInto('leases').values(lease('a', 99)).execute())
    await copyTables(store, other, ['timers', 'leases', 'outbox'])
    await copyTables(store, other, ['timers', 'leases'])
    const all = async (from: Store) =>
      JSON.stringify(await from.read.selectFrom('timers').selectAll().orderBy('key').execute())
    assert.equal(await all(other), await all(store))
    const kept = await other.read.selectFrom('leases').select('until').executeTakeFirstOrThrow()
    assert.equal(kept.until, 99)
    await other.close()
    await store.close()
  })

  it('a migration on top of older ones keeps the data, and one that fails leaves nothing half done', async () => {
    const store = await open()
    await store.transaction((db) =>
      db
        .insertInto('leases')
        .values([lease('a'), lease('b')])
        .execute(),
    )
    const first: Migration = {
      name: '0001-first',
      breaking: false,
      async up({ db }) {
        await db.schema
          .createTable('old_things')
          .addColumn('id', 'text', (c) => c.primaryKey())
          .execute()
        await db
          .insertInto('old_things')
          .values([{ id: 'kept' }, { id: 'also' }])
          .execute()
      },
    }
    const second: Migration = {
      name: '0002-second',
      breaking: false,
      async up({ db }) {
        await db.schema
          .alterTable('old_things')
          .addColumn('size', 'bigint', (c) => c.notNull().defaultTo(7))
          .execute()
        await db.updateTable('old_things').set({ size: 9 }).where('id', '=', 'also').execute()
      },
    }
    const broken: Migration = {
      name: '0003-broken',
      breaking: true,
      async up({ db }) {
        await db.schema.createTable('half').addColumn('id', 'text').execute()
        await sql.raw('SELECT nonsense FROM nowhere').execute(db)
      },
    }
    const up = (...list: Migration[]) => migrate(store.read, name, list, 5, 'other_migrations')
    assert.deepEqual(await up(first), ['0001-first'])
    await assert.rejects(up(first, second, broken), /nowhere/)
    // biome-ignore lint/suspicious/noExplicitAny: tables of this test
    const db = store.read as any
    assert.deepEqual(
      (await db.selectFrom('old_things').selectAll().orderBy('id').execute()).map((row: object) => ({
        ...row,
      })),
      [
        { id: 'also', size: 9 },
        { id: 'kept', size: 7 },
      ],
    )
    await assert.rejects(db.selectFrom('half').selectAll().execute())
    // What failed is not counted as done, so that a repaired program applies it, and an older one may still open it.
    assert.deepEqual(await up(first, second), [])
    assert.deepEqual(await up(first, second, { ...broken, up: async () => {} }), ['0003-broken'])
    await assert.rejects(up(first, second), { code: 'store-newer' })
    assert.equal((await store.read.selectFrom('leases').selectAll().execute()).length, 2)
    await store.close()
  })
})

describe('PostgreSQL that asks for a transaction to be repeated', needsPostgres(), () => {
  onEveryStore('a retry', ({ open, name }) => {
    it('repeats the whole work, and what failed left nothing', async () => {
      const store = await open()
      let tries = 0
      const work = store.transaction(async (db) => {
        await db
          .insertInto('leases')
          .values(lease(`try-${++tries}`))
          .execute()
        if (tries < 3) throw Object.assign(new Error('could not serialize access'), { code: '40001' })
      })
      await work
      const rows = await store.read.selectFrom('leases').select('name').execute()
      assert.deepEqual([tries, rows.map((row) => row.name)], [3, ['try-3']])
      await store.close()
    })

    it('gives up in the end with the error itself, and repeats no other error', async () => {
      const store = await open()
      for (const [code, most] of [
        ['40P01', 5],
        ['23505', 1],
        [undefined, 1],
      ] as const) {
        let tries = 0
        const work = store.transaction(async () => {
          tries++
          throw Object.assign(new Error('deadlock'), { code })
        })
        await assert.rejects(work, /deadlock/)
        assert.equal(tries, most, String(code))
      }
      await store.close()
    })

    // SQLite has one writer.
    if (name !== 'postgres') return
    it('happens for real where two transactions lock in opposite order', async () => {
      const store = await open()
      await store.transaction((db) =>
        db
          .insertInto('leases')
          .values([lease('a', 0), lease('b', 0)])
          .execute(),
      )
      let tries = 0
      let waiting = 0
      const both = new Promise<void>((resolve) => {
        const look = setInterval(() => {
          if (waiting < 2) return
          clearInterval(look)
          resolve()
        }, 5)
      })
      const add = (first: string, second: string) =>
        store.transaction(async (db) => {
          tries++
          for (const one of [first, second]) {
            await db
              .updateTable('leases')
              .set((eb) => ({ until: eb('until', '+', 1) }))
              .where('name', '=', one)
              .execute()
            waiting++
            await both
          }
        })
      await Promise.all([add('a', 'b'), add('b', 'a')])
      const rows = await store.read.selectFrom('leases').select('until').execute()
      assert.deepEqual(
        rows.map((row) => row.until),
        [2, 2],
      )
      assert.ok(tries >= 3, 'one of them was asked to begin again')
      await store.close()
    })
  })
})

describe('SQLite on a disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-store-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('that is full says so, changes nothing, and works again once there is room', async () => {
    const store = await openStore({ directory: join(folder, 'full'), now: 0 })
    await store.transaction((db) => db.insertInto('leases').values(lease('before')).execute())
    const limit = (pages: number) =>
      store.transaction((db) => sql.raw(`PRAGMA max_page_count = ${pages}`).execute(db))
    await limit(1)
    const big = store.transaction(async (db) => {
      await db.insertInto('leases').values(lease('first')).execute()
      for (let i = 0; i < 500; i++)
        await db
          .insertInto('timers')
          .values(timer(`t${i}`, { payload: 'x'.repeat(4_000) }))
          .execute()
    })
    await assert.rejects(big, (error) => {
      assert.ok(error instanceof TocsinError, String(error))
      assert.equal(error.code, 'store-full')
      return true
    })
    const names = async () =>
      (await store.read.selectFrom('leases').select('name').execute()).map((row) => row.name)
    assert.deepEqual(await names(), ['before'])
    await limit(1_000_000)
    await store.transaction((db) => db.insertInto('leases').values(lease('after')).execute())
    assert.deepEqual((await names()).toSorted(), ['after', 'before'])
    await store.close()
  })

  it('is backed up while it is written to: the copy is one instant, and opens by itself', async () => {
    const store = await openStore({ directory: join(folder, 'live'), now: 0 })
    const pair = (i: number) =>
      store.transaction(async (db) => {
        await db
          .insertInto('leases')
          .values(lease(`a${i}`))
          .execute()
        await db
          .insertInto('timers')
          .values(timer(`a${i}`))
          .execute()
      })
    await pair(0)
    const copy = join(folder, 'copy', 'core.db')
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(folder, 'copy'))
    const writing = (async () => {
      for (let i = 1; i < 100; i++) await pair(i)
    })()
    await store.backup(copy)
    // Again in the middle of the writing: a copy must come out whatever the writer is doing.
    for (let again = 0; again < 20; again++) {
      await new Promise((resolve) => setImmediate(resolve))
      await store.backup(`${copy}-${again}`)
    }
    await writing
    await store.close()
    const restored = await openStore({ directory: join(folder, 'copy'), now: 1 })
    const leases = await restored.read.selectFrom('leases').select('name').orderBy('name').execute()
    const timers = await restored.read.selectFrom('timers').select('key').orderBy('key').execute()
    assert.ok(leases.length >= 1)
    assert.deepEqual(
      leases.map((row) => row.name),
      timers.map((row) => row.key),
      'no half transaction',
    )
    await restored.close()
  })

  it('lets a second process take turns, and tells its duplicates apart', async () => {
    const directory = join(folder, 'two')
    const one = await openStore({ directory, now: 0 })
    const two = await openStore({ directory, now: 0 })
    await one.transaction((db) => db.insertInto('leases').values(lease('a')).execute())
    const duplicate = await two
      .transaction((db) => db.insertInto('leases').values(lease('a')).execute())
      .catch((error) => error)
    assert.equal(isDuplicate(duplicate), true)
    await two.transaction((db) => db.insertInto('leases').values(lease('b')).execute())
    assert.equal((await one.read.selectFrom('leases').selectAll().execute()).length, 2)
    await Promise.all([one.close(), two.close()])
  })
  it('that another process holds for too long is busy, not broken', async () => {
    const directory = join(folder, 'held')
    const store = await openStore({ directory, now: 0 })
    const holder = new DatabaseSync(join(directory, 'core.db'))
    holder.exec('BEGIN IMMEDIATE')
    const write = () => store.transaction((db) => db.insertInto('leases').values(lease('a')).execute())
    await assert.rejects(write(), { code: 'store-busy' })
    holder.exec('COMMIT')
    await write()
    holder.close()
    await store.close()
  })
})
