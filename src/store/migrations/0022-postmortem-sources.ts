import type { Migration } from '../migration.ts'

/** The documents that post-mortems were imported from, with what was read in them and where. */
export const migration: Migration = {
  name: '0022-postmortem-sources',
  breaking: false,
  async up({ db, appendOnly }) {
    await db.schema
      .createTable('postmortem_sources')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('format', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('findings', 'text', (c) => c.notNull())
      .addColumn('imported_at', 'bigint', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('postmortem_sources_name').on('postmortem_sources').column('name').execute()
    await appendOnly('postmortem_sources')
    await db.schema
      .createTable('postmortem_readings')
      .addColumn('postmortem_id', 'text', (c) => c.primaryKey().references('postmortems.id'))
      .addColumn('source_id', 'text', (c) => c.notNull().references('postmortem_sources.id'))
      .addColumn('incident', 'integer', (c) => c.notNull())
      .addColumn('reading', 'text', (c) => c.notNull())
      .addUniqueConstraint('postmortem_readings_once', ['source_id', 'incident'])
      .execute()
    await appendOnly('postmortem_readings')
  },
}
