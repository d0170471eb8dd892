import type { Migration } from '../migration.ts'

/** Checking from several places: who they are, what they saw last, which monitors they check, and their tokens. */
export const migration: Migration = {
  name: '0019-places',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('places')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .addColumn('lost', 'integer', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('place_views')
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('summary', 'text', (c) => c.notNull())
      .addColumn('took_ms', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('place_views_key', ['monitor_id', 'place'])
      .execute()
    await db.schema.alterTable('monitors').addColumn('places', 'text').execute()
    await db.schema.alterTable('monitors').addColumn('quorum', 'integer').execute()
    await db.schema.alterTable('api_tokens').addColumn('scope', 'text').execute()
  },
}
