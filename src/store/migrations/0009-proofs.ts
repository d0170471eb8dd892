import type { Migration } from '../migration.ts'

/** The tables of proofs/: drills, their runs with the evidence, what each monitor catches, proofs of actions. */
export const migration: Migration = {
  name: '0009-proofs',
  breaking: true,
  async up({ db }) {
    await db.schema
      .createTable('drills')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('action_id', 'text')
      .addColumn('settings', 'text', (c) => c.notNull())
      .addColumn('every_ms', 'bigint')
      .addColumn('managed_by', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('retired_at', 'bigint')
      .execute()
    await db.schema.createIndex('drills_monitor').on('drills').column('monitor_id').execute()
    await db.schema.createIndex('drills_action').on('drills').column('action_id').execute()
    await db.schema
      .createTable('drill_runs')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('drill_id', 'text', (c) => c.notNull())
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('action_id', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('asked_by', 'text', (c) => c.notNull())
      .addColumn('asked_at', 'bigint', (c) => c.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('finished_at', 'bigint')
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('summary', 'text')
      .addColumn('evidence', 'text')
      .execute()
    // The ids sort by time, so that this also answers "the latest run".
    await db.schema.createIndex('drill_runs_drill').on('drill_runs').columns(['drill_id', 'id']).execute()
    await db.schema
      .createTable('fault_scores')
      .addColumn('monitor_id', 'text', (c) => c.notNull())
      .addColumn('fault', 'text', (c) => c.notNull())
      .addColumn('failure_class', 'text', (c) => c.notNull())
      .addColumn('result', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('summary', 'text', (c) => c.notNull())
      .addColumn('run_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('fault_scores_key', ['monitor_id', 'fault'])
      .execute()
    await db.schema
      .createTable('action_proofs')
      .addColumn('action_id', 'text', (c) => c.primaryKey())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('drill_id', 'text', (c) => c.notNull())
      .addColumn('run_id', 'text')
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('concluded_at', 'bigint')
      .addColumn('proved_at', 'bigint')
      .addColumn('alerted', 'integer', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('action_proofs_drill').on('action_proofs').column('drill_id').execute()
  },
}
