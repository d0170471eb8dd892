import { type Kysely, sql } from 'kysely'
import { TocsinError } from '../kit/errors.ts'
import type { Migration, MigrationContext } from './migration.ts'
import type { DialectName } from './schema.ts'

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the schema as it was
type AnyDb = Kysely<any>

async function appendOnly(db: AnyDb, dialect: DialectName, table: string): Promise<void> {
  if (dialect === 'sqlite') {
    for (const verb of ['UPDATE', 'DELETE'])
      await sql
        .raw(
          `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table} ` +
            `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
        )
        .execute(db)
    return
  }
  await sql
    .raw(
      `CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS ` +
        `$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$`,
    )
    .execute(db)
  await sql
    .raw(
      `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table} ` +
        `FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
    )
    .execute(db)
  await sql
    .raw(
      `CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} ` +
        `FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
    )
    .execute(db)
}

/**
 * Brings a database up to date, each migration in a transaction of its own. A database that holds a breaking
 * migration unknown to this program is refused (`store-newer`): an old program would damage it.
 */
export async function migrate(
  db: AnyDb,
  dialect: DialectName,
  migrations: readonly Migration[],
  now: number,
  table = 'migrations',
): Promise<string[]> {
  // Two replicas may start at once; the second waits here and then finds the work done.
  const alone = async (tx: AnyDb) => {
    if (dialect === 'postgres') await sql`SELECT pg_advisory_xact_lock(726354)`.execute(tx)
  }
  await db.transaction().execute(async (tx) => {
    await alone(tx)
    await tx.schema
      .createTable(table)
      .ifNotExists()
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('breaking', 'integer', (c) => c.notNull())
      .addColumn('applied_at', 'bigint', (c) => c.notNull())
      .execute()
  })
  const applied: string[] = []
  for (const migration of migrations) {
    await db.transaction().execute(async (tx) => {
      await alone(tx)
      const done = await tx.selectFrom(table).selectAll().execute()
      const strangers = done.filter((row) => row.breaking && !migrations.some((m) => m.name === row.name))
      if (strangers.length > 0)
        throw new TocsinError(
          'store-newer',
          `The database holds the migration "${strangers[0]!.name}", which this version does not know. ` +
            'Start the newer version, or restore a backup made by this one.',
        )
      if (done.some((row) => row.name === migration.name)) return
      const context: MigrationContext = {
        db: tx,
        dialect,
        appendOnly: (name) => appendOnly(tx, dialect, name),
      }
      await migration.up(context)
      await tx
        .insertInto(table)
        .values({ name: migration.name, breaking: migration.breaking ? 1 : 0, applied_at: now })
        .execute()
      applied.push(migration.name)
    })
  }
  return applied
}
