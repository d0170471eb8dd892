import type { Migration } from '../migration.ts'

/** Every certificate that a monitor has seen, and who served it from when until when. */
export const migration: Migration = {
  name: '0012-certificate-inventory',
  breaking: false,
  async up({ db }) {
    await db.schema
      .createTable('certificates')
      .addColumn('fingerprint', 'text', (c) => c.primaryKey())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('issuer', 'text', (c) => c.notNull())
      .addColumn('names', 'text', (c) => c.notNull())
      .addColumn('serial', 'text', (c) => c.notNull())
      .addColumn('not_before', 'bigint', (c) => c.notNull())
      .addColumn('not_after', 'bigint', (c) => c.notNull())
      .addColumn('self_signed', 'integer', (c) => c.notNull())
      .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('certificates_end').on('certificates').column('not_after').execute()
    await db.schema
      .createTable('certificate_servings')
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('node', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('address', 'text')
      .addColumn('since_at', 'bigint', (c) => c.notNull())
      .addColumn('until_at', 'bigint')
      .addPrimaryKeyConstraint('certificate_servings_pk', ['monitor_id', 'node', 'fingerprint'])
      .execute()
    await db.schema
      .createIndex('certificate_servings_fingerprint')
      .on('certificate_servings')
      .column('fingerprint')
      .execute()
  },
}
