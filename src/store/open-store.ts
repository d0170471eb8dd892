import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { reasonOf, TocsinError } from '../kit/errors.ts'
import { historyMigrations } from './history-migrations.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import type { Schema } from './schema.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'
import type { Db, Store } from './store.ts'

export interface StoreOptions {
  /** Where SQLite keeps its files; `:memory:` for drills. */
  directory: string
  /** A PostgreSQL URL takes the place of SQLite. */
  databaseUrl?: string | null
  /** Written beside each applied migration. */
  now: number
}

/** A unique-constraint violation, on either dialect. */
export function isDuplicate(error: unknown): boolean {
  const code = (error as { code?: unknown })?.code
  const errcode = (error as { errcode?: unknown })?.errcode
  return code === '23505' || errcode === 2067 || errcode === 1555
}

function isFull(error: unknown): boolean {
  return (error as { errcode?: unknown })?.errcode === 13 || (error as { code?: unknown })?.code === '53100'
}

// SQLITE_BUSY: another process kept the write lock longer than we wait for it.
function isBusy(error: unknown): boolean {
  return (error as { errcode?: unknown })?.errcode === 5
}

// PostgreSQL class 40: serialization failure and deadlock are to be retried.
function wantsRetry(error: unknown): boolean {
  const code = (error as { code?: unknown })?.code
  return typeof code === 'string' && code.startsWith('40')
}

/** Inside a transaction a read beside it would miss its rows, or wait for ever: caught here as our bug. */
function guard(db: Kysely<Schema>, inside: AsyncLocalStorage<boolean>): Kysely<Schema> {
  return new Proxy(db, {
    get(target, property) {
      if (
        inside.getStore() &&
        (property === 'selectFrom' || property === 'with' || property === 'executeQuery')
      )
        throw new Error('store.read was used inside a transaction: use the transaction')
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function runTransaction<T>(
  db: Kysely<Schema>,
  inside: AsyncLocalStorage<boolean>,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  if (inside.getStore()) throw new Error('a transaction was opened inside a transaction')
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((tx) => inside.run(true, () => work(tx)))
    } catch (error) {
      if (wantsRetry(error) && attempt < 5) continue
      if (isFull(error))
        throw new TocsinError('store-full', `The disk is full, nothing was changed: ${reasonOf(error)}`)
      if (isBusy(error))
        throw new TocsinError(
          'store-busy',
          'Another process holds the database; nothing was changed. Try again.',
        )
      throw error
    }
  }
}

async function openSqliteStore({ directory, now }: StoreOptions): Promise<Store> {
  const memory = directory === ':memory:'
  if (!memory) mkdirSync(directory, { recursive: true, mode: 0o700 })
  const core = openSqlite({ file: memory ? ':memory:' : join(directory, 'core.db'), synchronous: 'FULL' })
  const writer = new Kysely<Schema>({ dialect: sqliteDialect(core) })
  await migrate(writer, 'sqlite', migrations, now)
  const past = openSqlite({
    file: memory ? ':memory:' : join(directory, 'history.db'),
    synchronous: 'NORMAL',
  })
  const history = new Kysely<Schema>({ dialect: sqliteDialect(past) })
  await migrate(history, 'sqlite', historyMigrations, now)
  const seen = memory
    ? core
    : openSqlite({ file: join(directory, 'core.db'), readOnly: true, synchronous: 'FULL' })
  const reader = memory ? writer : new Kysely<Schema>({ dialect: sqliteDialect(seen) })
  const inside = new AsyncLocalStorage<boolean>()
  let written = 0
  return {
    dialect: 'sqlite',
    async transaction(work) {
      written++
      try {
        return await runTransaction(writer, inside, work)
      } finally {
        written++
      }
    },
    ...(memory && { written: () => written }),
    read: guard(reader, inside),
    history,
    async backup(file) {
      // One statement over one snapshot: it neither waits for writers nor holds them up, and is whole or not there.
      const source = memory
        ? core
        : openSqlite({ file: join(directory, 'core.db'), readOnly: true, synchronous: 'FULL' })
      try {
        source.prepare('VACUUM INTO ?').run(file)
      } finally {
        if (source !== core) source.close()
      }
    },
    async close() {
      // Whoever closes last empties the write-ahead log into the file; a reader cannot.
      if (reader !== writer) await reader.destroy()
      // Kysely does not close what was never asked anything.
      if (seen !== core && seen.isOpen) seen.close()
      await writer.destroy()
      await history.destroy()
    },
  }
}

async function openPostgresStore(url: string, now: number): Promise<Store> {
  // Loaded where it is used: most run on SQLite, and the driver is not small.
  const { openPostgres, postgresDialect } = await import('./postgres.ts')
  const pool = openPostgres(url)
  const db = new Kysely<Schema>({ dialect: postgresDialect(pool) })
  try {
    await migrate(db, 'postgres', migrations, now)
    await migrate(db, 'postgres', historyMigrations, now, 'history_migrations')
  } catch (error) {
    await db.destroy()
    throw error
  }
  const inside = new AsyncLocalStorage<boolean>()
  return {
    dialect: 'postgres',
    transaction: (work) => runTransaction(db, inside, work),
    read: guard(db, inside),
    history: db,
    async backup() {
      throw new TocsinError('wrong-state', 'PostgreSQL has its own backups: use pg_dump or base backups.')
    },
    close: () => db.destroy(),
  }
}

/** Opens the store, creating or upgrading its tables. Throws `store-newer` for a database of a later version. */
export function openStore(options: StoreOptions): Promise<Store> {
  return options.databaseUrl ? openPostgresStore(options.databaseUrl, options.now) : openSqliteStore(options)
}
