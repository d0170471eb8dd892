import type { Migration } from '../migration.ts'

/** Incidents as cases, what people say cannot strike a service, and what a service has. */
export const migration: Migration = {
  name: '0023-cases',
  breaking: false,
  async up({ db, appendOnly }) {
    await db.schema.alterTable('services').addColumn('has', 'text').execute()
    await db.schema
      .createTable('cases')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('definition', 'text', (c) => c.notNull())
      .addColumn('managed_by', 'text', (c) => c.notNull())
      .addColumn('postmortem_id', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('retired_at', 'bigint')
      .execute()
    await db.schema
      .createTable('not_applicable')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('service_id', 'text', (c) => c.notNull())
      .addColumn('failure_class', 'text', (c) => c.notNull())
      .addColumn('holds', 'integer', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('not_applicable_cell')
      .on('not_applicable')
      .columns(['service_id', 'failure_class', 'id'])
      .execute()
    await appendOnly('not_applicable')
  },
}
