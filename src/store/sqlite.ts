import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type Dialect, SqliteDialect } from 'kysely'

export interface SqliteOptions {
  /** A file, or `:memory:`. */
  file: string
  readOnly?: boolean
  /** FULL keeps every acknowledged commit through a power cut; only rebuildable data may take NORMAL. */
  synchronous: 'FULL' | 'NORMAL' | 'OFF'
}

/** Opens SQLite with the settings measured to be safe: WAL, synchronous as asked, foreign keys on. */
export function openSqlite({ file, readOnly = false, synchronous }: SqliteOptions): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 5_000 })
  if (!readOnly) database.exec('PRAGMA journal_mode=WAL')
  database.exec(
    `PRAGMA synchronous=${synchronous}; PRAGMA foreign_keys=ON; PRAGMA cache_size=-8000;` +
      'PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864',
  )
  return database
}

const STATEMENTS_KEPT = 500

interface Prepared {
  statement: StatementSync
  /** Whether it answers rows. */
  reader: boolean
}

const NOTHING_TO_DO = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
}

/** Kysely over node:sqlite: prepared statements are kept, because preparing costs more than running. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  const kept = new Map<string, Prepared>()
  const prepare = (sql: string): Prepared => {
    const known = kept.get(sql)
    if (known) {
      kept.delete(sql)
      kept.set(sql, known)
      return known
    }
    const statement = database.prepare(sql)
    // Asking for the columns describes each of them anew: once is enough, it stays a query or none.
    const prepared = { statement, reader: statement.columns().length > 0 }
    kept.set(sql, prepared)
    if (kept.size > STATEMENTS_KEPT) kept.delete(kept.keys().next().value!)
    return prepared
  }
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql: string) {
        // A full disk makes SQLite roll back by itself; a second rollback would hide why.
        if (sql === 'rollback' && !database.isTransaction) return NOTHING_TO_DO
        // Taking the write lock at once: a read that later turns into a write would fail with SQLITE_BUSY.
        const { statement, reader } = prepare(sql === 'begin' ? 'begin immediate' : sql)
        const values = (parameters: readonly unknown[]) =>
          parameters.map((p) => (typeof p === 'boolean' ? Number(p) : p)) as SQLInputValue[]
        return {
          reader,
          all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
          run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
          // biome-ignore lint/suspicious/noExplicitAny: Kysely's own signature
          iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)) as any,
        }
      },
    },
  })
}
