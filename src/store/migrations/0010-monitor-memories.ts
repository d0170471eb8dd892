import type { Migration } from '../migration.ts'

/** What a check leaves for the next one of the same monitor. */
export const migration: Migration = {
  name: '0010-monitor-memories',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('monitor_memories')
      .addColumn('monitor_id', 'text', (c) => c.primaryKey())
      .addColumn('memory', 'text', (c) => c.notNull())
      .execute()
  },
}
