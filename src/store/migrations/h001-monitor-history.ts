import { sql } from 'kysely'
import type { Migration } from '../migration.ts'

/** Raw observations, append-only in row order, and their roll-ups. */
export const migration: Migration = {
  name: 'h001-monitor-history',
  breaking: true,
  async up({ db, dialect }) {
    // No index beside the order of arrival: an index over the monitors would write a hundred times the row.
    await db.schema
      .createTable('observations')
      .addColumn('seq', dialect === 'postgres' ? 'bigserial' : 'integer', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('took_ms', 'integer', (c) => c.notNull())
      .addColumn('maintenance', 'integer', (c) => c.notNull())
      .addColumn('holds_ms', 'bigint', (c) => c.notNull())
      .execute()
    const rollups = db.schema
      .createTable('rollups')
      .addColumn('resolution', 'text', (c) => c.notNull())
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('up_ms', 'bigint', (c) => c.notNull())
      .addColumn('degraded_ms', 'bigint', (c) => c.notNull())
      .addColumn('down_ms', 'bigint', (c) => c.notNull())
      .addColumn('maintenance_ms', 'bigint', (c) => c.notNull())
      .addColumn('checks', 'integer', (c) => c.notNull())
      .addColumn('took_sum', 'bigint', (c) => c.notNull())
      .addColumn('took_max', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('rollups_key', ['resolution', 'monitor_id', 'at'])
    // The key is the table: reading a day of one monitor touches neighbouring pages only.
    await (dialect === 'sqlite' ? rollups.modifyEnd(sql`without rowid`) : rollups).execute()
    await db.schema
      .createTable('rollup_tails')
      .addColumn('monitor_id', 'text', (c) => c.primaryKey())
      .addColumn('first_at', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('maintenance', 'integer', (c) => c.notNull())
      .addColumn('holds_ms', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('rollup_cursor')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .execute()
    await db.insertInto('rollup_cursor').values({ id: 1, seq: 0 }).execute()
  },
}
