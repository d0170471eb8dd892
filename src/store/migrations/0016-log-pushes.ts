import type { Migration } from '../migration.ts'

/** Lines pushed for log monitors: their counts in slices of time, and a few of them. */
export const migration: Migration = {
  name: '0016-log-pushes',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('log_pushes')
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('lines', 'bigint', (c) => c.notNull())
      .addColumn('matched', 'bigint', (c) => c.notNull())
      .addColumn('wanted', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('log_pushes_key', ['monitor_id', 'at'])
      .execute()
    await db.schema
      .createTable('log_push_states')
      .addColumn('monitor_id', 'text', (c) => c.primaryKey())
      .addColumn('last_line_at', 'bigint')
      .addColumn('last_wanted_at', 'bigint')
      .addColumn('samples', 'text', (c) => c.notNull())
      .execute()
  },
}
