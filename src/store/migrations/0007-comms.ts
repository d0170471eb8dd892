import type { Migration } from '../migration.ts'

/** What is said in public, kept apart from the incidents so that nothing internal is ever rendered. */
export const migration: Migration = {
  name: '0007-comms',
  breaking: true,
  async up({ db, appendOnly }) {
    await db.schema
      .createTable('public_incidents')
      .addColumn('incident_id', 'text', (c) => c.primaryKey().references('incidents.id'))
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('impact', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('service_ids', 'text', (c) => c.notNull())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('monitoring_at', 'bigint')
      .addColumn('resolved_at', 'bigint')
      .execute()
    await db.schema
      .createIndex('public_incidents_created')
      .on('public_incidents')
      .column('created_at')
      .execute()
    await db.schema
      .createTable('public_updates')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().references('public_incidents.incident_id'))
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .addColumn('automatic', 'integer', (c) => c.notNull())
      .addColumn('published_at', 'bigint', (c) => c.notNull())
      .addColumn('affected', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('public_updates_incident')
      .on('public_updates')
      .columns(['incident_id', 'published_at'])
      .execute()
    await appendOnly('public_updates')
    await db.schema
      .createTable('component_changes')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('service_id', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('component_changes_service')
      .on('component_changes')
      .columns(['service_id', 'at'])
      .execute()
    await appendOnly('component_changes')
    await db.schema
      .createTable('page_snapshots')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('published_at', 'bigint', (c) => c.notNull())
      .addColumn('instance', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('status_page_settings')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute()
  },
}
