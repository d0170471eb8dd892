import type { Migration } from '../migration.ts'

/** Where a monitor points, so that lists can be searched without reading its settings, which hold secrets. */
export const migration: Migration = {
  name: '0020-monitor-target',
  breaking: false,
  async up({ db }) {
    await db.schema.alterTable('monitors').addColumn('target', 'text').execute()
  },
}
