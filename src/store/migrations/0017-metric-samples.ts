import { sql } from 'kysely'
import type { Migration } from '../migration.ts'

/** Values that were pushed and that a monitor looks at, one for each slot of its window. */
export const migration: Migration = {
  name: '0017-metric-samples',
  breaking: false,
  async up({ db, dialect }) {
    const table = db.schema
      .createTable('metric_samples')
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('series', 'text', (c) => c.notNull())
      .addColumn('slot', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('value', 'double precision', (c) => c.notNull())
      .addPrimaryKeyConstraint('metric_samples_key', ['monitor_id', 'series', 'slot'])
    await (dialect === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table).execute()
  },
}
