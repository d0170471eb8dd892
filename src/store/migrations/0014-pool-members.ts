import type { Migration } from '../migration.ts'

/** What was decided about each member of a pool: whoever asks is answered from here, also before any check. */
export const migration: Migration = {
  name: '0014-pool-members',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('pool_members')
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('member', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('place', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('reds', 'integer', (c) => c.notNull())
      .addColumn('greens', 'integer', (c) => c.notNull())
      .addColumn('held', 'text')
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('summary', 'text', (c) => c.notNull())
      .addColumn('tell', 'text', (c) => c.notNull())
      .addColumn('told_at', 'bigint')
      .addColumn('version', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('pool_members_pk', ['monitor_id', 'member'])
      .execute()
  },
}
