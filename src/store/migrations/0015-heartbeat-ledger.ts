import { sql } from 'kysely'
import type { Migration } from '../migration.ts'

/**
 * Every run of a job is a row, also after its end. Open runs move over from the table that held only those; an
 * older program would go on writing there, so it must not open this database.
 */
export const migration: Migration = {
  name: '0015-heartbeat-ledger',
  breaking: true,
  async up({ db, dialect }) {
    await db.schema
      .createTable('heartbeat_ledger')
      .addColumn('seq', dialect === 'postgres' ? 'bigserial' : 'integer', (c) => c.primaryKey())
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('rid', 'text', (c) => c.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('ended_at', 'bigint')
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('exit_status', 'integer')
      .addColumn('duration_ms', 'bigint')
      .addColumn('log', 'text')
      .execute()
    await db.schema
      .createIndex('heartbeat_ledger_monitor')
      .on('heartbeat_ledger')
      .columns(['monitor_id', 'seq'])
      .execute()
    // The open runs of one monitor are few; those that ended are many.
    await db.schema
      .createIndex('heartbeat_ledger_open')
      .on('heartbeat_ledger')
      .column('monitor_id')
      .where(sql.ref('ended_at'), 'is', null)
      .execute()
    await sql`INSERT INTO heartbeat_ledger (monitor_id, rid, started_at, outcome)
      SELECT monitor_id, rid, started_at, 'running' FROM heartbeat_runs ORDER BY started_at`.execute(db)
    await db.schema.dropTable('heartbeat_runs').execute()
    // How many scheduled runs were missed, and up to which instant that is counted.
    await db.schema
      .alterTable('heartbeats')
      .addColumn('missed', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('heartbeats').addColumn('missed_until', 'bigint').execute()
    // What the job said when it failed last.
    await db.schema.alterTable('heartbeats').addColumn('last_fail_note', 'text').execute()
  },
}
