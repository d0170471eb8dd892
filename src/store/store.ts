import type { Kysely, Transaction } from 'kysely'
import type { DialectName, Schema } from './schema.ts'

/** A transaction: everything in it is durable together, or did not happen. */
export type Db = Transaction<Schema>
/** Reads outside a transaction see the last commit. */
export type Reader = Kysely<Schema>

export interface Store {
  dialect: DialectName
  /** Runs `work` in one transaction; on SQLite one at a time. Retries when PostgreSQL asks for it. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** For reads; inside a transaction use the transaction. */
  read: Reader
  /** Raw observations and roll-ups: a file of their own on SQLite, so that they never hold up a page. */
  history: Kysely<Schema>
  /** Counts the transactions begun and ended; only where nobody else can write: SQLite in memory. */
  written?: () => number
  /** Copies everything, consistently, into a file (SQLite) — see `backup` of the command line. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/** Rows that an UPDATE or DELETE touched, as a number on both dialects. */
export function touched(result: { numUpdatedRows?: bigint; numDeletedRows?: bigint } | undefined): number {
  return Number(result?.numUpdatedRows ?? result?.numDeletedRows ?? 0n)
}
