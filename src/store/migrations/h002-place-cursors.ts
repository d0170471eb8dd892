import type { Migration } from '../migration.ts'

/** How far each place has delivered what it saw. */
export const migration: Migration = {
  name: 'h002-place-cursors',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('place_cursors')
      .addColumn('place', 'text', (c) => c.primaryKey())
      .addColumn('spool', 'text', (c) => c.notNull())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .execute()
  },
}
