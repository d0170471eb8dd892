import type { Migration } from '../migration.ts'

/** The tables of alerts/: a unique `open_key` keeps one unresolved alert per key (NULL is never equal to NULL). */
export const migration: Migration = {
  name: '0004-alerts',
  breaking: true,
  async up({ db }) {
    await db.schema
      .createTable('alerts')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('open_key', 'text', (c) => c.unique())
      .addColumn('dedup_key', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('summary', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('service_id', 'text')
      .addColumn('monitor_id', 'text')
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('policy_id', 'text')
      .addColumn('began_at', 'bigint', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('acknowledged_by', 'text')
      .addColumn('acknowledged_name', 'text')
      .addColumn('acknowledged_via', 'text')
      .addColumn('resolved_at', 'bigint')
      .addColumn('resolved_by', 'text')
      .addColumn('resolved_reason', 'text')
      .addColumn('silence_id', 'text')
      .addColumn('version', 'integer', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('alerts_state').on('alerts').columns(['state', 'id']).execute()
    await db.schema.createIndex('alerts_monitor').on('alerts').columns(['monitor_id', 'id']).execute()
    await db.schema
      .createTable('silences')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('monitor_id', 'text')
      .addColumn('service_id', 'text')
      .addColumn('dedup_key', 'text')
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('until_at', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('created_by', 'text', (c) => c.notNull())
      .addColumn('created_name', 'text', (c) => c.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_name', 'text')
      .execute()
    await db.schema.createIndex('silences_until').on('silences').column('until_at').execute()
  },
}
