import type { Migration } from '../migration.ts'

/** How the newest failure of a monitor looked. */
export const migration: Migration = {
  name: '0021-monitor-screenshots',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('monitor_screenshots')
      .addColumn('monitor_id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('step', 'text', (c) => c.notNull())
      .addColumn('jpeg', 'text', (c) => c.notNull())
      .execute()
  },
}
