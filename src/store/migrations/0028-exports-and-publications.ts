import { sql } from 'kysely'
import type { Migration } from '../migration.ts'

/**
 * What a post-mortem brought along from another Tocsin, which of them the public was given, and the documents that
 * stand on the status page.
 */
export const migration: Migration = {
  name: '0028-exports-and-publications',
  breaking: false,
  async up({ db, appendOnly }) {
    await db.schema
      .createTable('postmortem_origins')
      .addColumn('postmortem_id', 'text', (c) => c.primaryKey().references('postmortems.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('document', 'text', (c) => c.notNull())
      .addColumn('made', 'text', (c) => c.notNull())
      .addColumn('imported_at', 'bigint', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .execute()
    await appendOnly('postmortem_origins')
    await db.schema
      .createTable('public_documents')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().references('public_incidents.incident_id'))
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('published_at', 'bigint', (c) => c.notNull())
      .addColumn('first_published_at', 'bigint', (c) => c.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_why', 'text')
      .execute()
    // One text at a time stands at an incident.
    await db.schema
      .createIndex('public_documents_standing')
      .unique()
      .on('public_documents')
      .column('incident_id')
      .where(sql.ref('ended_at'), 'is', null)
      .execute()
    await db.schema
      .createTable('postmortem_publications')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
      .addColumn('document_id', 'text', (c) => c.notNull().references('public_documents.id'))
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('sections', 'text', (c) => c.notNull())
      .addColumn('names_kept', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('published_at', 'bigint', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('postmortem_publications_postmortem')
      .on('postmortem_publications')
      .columns(['postmortem_id', 'id'])
      .execute()
    await appendOnly('postmortem_publications')
  },
}
