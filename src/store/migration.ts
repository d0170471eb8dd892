import type { Kysely } from 'kysely'
import type { DialectName } from './schema.ts'

/** What a migration may use: the schema builder, and the name of the dialect for the few differences. */
export interface MigrationContext {
  // biome-ignore lint/suspicious/noExplicitAny: a migration sees the schema as it was, not as it is
  db: Kysely<any>
  dialect: DialectName
  /** Makes the database itself refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on a table. */
  appendOnly(table: string): Promise<void>
}

export interface Migration {
  /** `0002-what-and-why`: sorts in the order of application; never edited once released. */
  name: string
  /** An older program must not open a database with this migration. */
  breaking: boolean
  up(context: MigrationContext): Promise<void>
}
