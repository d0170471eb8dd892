import type { Migration } from '../migration.ts'

/** Incidents, what belongs to them, and the timeline, which the database itself keeps from being rewritten. */
export const migration: Migration = {
  name: '0006-incidents',
  breaking: true,
  async up({ db, appendOnly }) {
    await db.schema
      .createTable('incidents')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('detection', 'text', (c) => c.notNull())
      .addColumn('impact_started_at', 'bigint')
      .addColumn('detected_at', 'bigint')
      .addColumn('declared_at', 'bigint', (c) => c.notNull())
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('mitigated_at', 'bigint')
      .addColumn('resolved_at', 'bigint')
      .addColumn('closed_at', 'bigint')
      .addColumn('opened_by', 'text', (c) => c.notNull())
      .addColumn('opened_by_name', 'text', (c) => c.notNull())
      .addColumn('reopened', 'integer', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('incidents_state').on('incidents').columns(['state', 'id']).execute()
    await db.schema
      .createTable('incident_services')
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('service_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_services_key', ['incident_id', 'service_id'])
      .execute()
    await db.schema
      .createIndex('incident_services_service')
      .on('incident_services')
      .column('service_id')
      .execute()
    await db.schema
      .createTable('incident_alerts')
      .addColumn('alert_id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('service_id', 'text')
      .addColumn('monitor_id', 'text')
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('resolved_at', 'bigint')
      .execute()
    await db.schema
      .createIndex('incident_alerts_incident')
      .on('incident_alerts')
      .column('incident_id')
      .execute()
    await db.schema
      .createIndex('incident_alerts_monitor')
      .on('incident_alerts')
      .column('monitor_id')
      .execute()
    await db.schema
      .createTable('incident_roles')
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('person_id', 'text', (c) => c.notNull())
      .addColumn('person_name', 'text', (c) => c.notNull())
      .addColumn('assigned_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_roles_key', ['incident_id', 'role'])
      .execute()
    await db.schema
      .createTable('incident_links')
      .addColumn('from_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('to_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_links_key', ['from_id', 'to_id', 'kind'])
      .execute()
    await db.schema
      .createTable('timeline_entries')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('happened_at', 'bigint', (c) => c.notNull())
      .addColumn('written_at', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .addColumn('fact_seq', 'bigint')
      .addColumn('corrects', 'text', (c) => c.references('timeline_entries.id'))
      // One fact is told once per incident, also when a backfill and the listener both come to it.
      .addUniqueConstraint('timeline_entries_fact', ['incident_id', 'fact_seq'])
      .execute()
    await db.schema
      .createIndex('timeline_entries_order')
      .on('timeline_entries')
      .columns(['incident_id', 'happened_at', 'id'])
      .execute()
    await appendOnly('timeline_entries')
    await db.schema
      .createTable('incident_settings')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute()
  },
}
