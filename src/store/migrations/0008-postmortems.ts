import type { Migration } from '../migration.ts'

/** Post-mortems with every revision of their text, and the actions that only a proof closes. */
export const migration: Migration = {
  name: '0008-postmortems',
  breaking: true,
  async up({ db, appendOnly }) {
    await db.schema
      .createTable('postmortems')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.unique().references('incidents.id'))
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('categories', 'text', (c) => c.notNull())
      .addColumn('keywords', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('postmortem_revisions')
      .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('postmortem_revisions_key', ['postmortem_id', 'version'])
      .execute()
    await appendOnly('postmortem_revisions')
    await db.schema
      .createTable('actions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('due_at', 'bigint')
      .addColumn('criterion', 'text', (c) => c.notNull())
      .addColumn('drill_id', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('claimed_by', 'text')
      .addColumn('drill_run_id', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('actions_postmortem').on('actions').column('postmortem_id').execute()
    await db.schema.createIndex('actions_drill').on('actions').column('drill_id').execute()
    await db.schema
      .createTable('postmortem_settings')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute()
  },
}
