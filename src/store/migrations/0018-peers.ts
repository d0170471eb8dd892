import type { Migration } from '../migration.ts'

/** What other Tocsins have said of themselves. */
export const migration: Migration = {
  name: '0018-peers',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('peers')
      .addColumn('monitor_id', 'text', (c) => c.primaryKey())
      .addColumn('heard', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .execute()
  },
}
