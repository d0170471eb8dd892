import type { Migration, MigrationContext } from '../migration.ts'

/** What is done so that actions get done: owners as written, counterparts and promises, reminders, issues in trackers. */
export const migration: Migration = {
  name: '0027-action-follow-up',
  breaking: false,
  async up(context) {
    await createCounterparts(context)
    await createReminders(context)
    await createIssues(context)
  },
}

async function createCounterparts({ db, appendOnly }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('action_written_owners')
    .addColumn('action_id', 'text', (c) => c.primaryKey().references('actions.id'))
    .addColumn('written', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('action_counterparts')
    .addColumn('action_id', 'text', (c) => c.primaryKey().references('actions.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('reference', 'text')
    .addColumn('since', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('action_promises')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('action_id', 'text', (c) => c.notNull().references('actions.id'))
    .addColumn('counterpart', 'text', (c) => c.notNull())
    .addColumn('promised_at', 'bigint', (c) => c.notNull())
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('action_promises_action')
    .on('action_promises')
    .columns(['action_id', 'id'])
    .execute()
  await appendOnly('action_promises')
}

async function createReminders({ db }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('action_chases')
    .addColumn('action_id', 'text', (c) => c.primaryKey().references('actions.id'))
    .addColumn('due_at', 'bigint')
    .addColumn('due_from', 'bigint', (c) => c.notNull())
    .addColumn('promised_at', 'bigint')
    .addColumn('promise_from', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('action_notices')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('action_id', 'text', (c) => c.notNull().references('actions.id'))
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('about_at', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('batch', 'text')
    .addColumn('channel', 'text')
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('settled_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('action_notices_action')
    .on('action_notices')
    .columns(['action_id', 'id'])
    .execute()
  await db.schema
    .createIndex('action_notices_person')
    .on('action_notices')
    .columns(['person_id', 'state'])
    .execute()
  await db.schema.createIndex('action_notices_batch').on('action_notices').column('batch').execute()
}

async function createIssues({ db }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('action_issues')
    .addColumn('action_id', 'text', (c) => c.primaryKey().references('actions.id'))
    .addColumn('tracker', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('number', 'text')
    .addColumn('url', 'text')
    .addColumn('title', 'text')
    .addColumn('issue_state', 'text')
    .addColumn('closed_at', 'bigint')
    .addColumn('etag', 'text')
    .addColumn('looked_at', 'bigint')
    .addColumn('attempted_at', 'bigint')
    .addColumn('flight', 'text')
    .addColumn('again', 'integer', (c) => c.notNull())
    .addColumn('failures', 'integer', (c) => c.notNull())
    .addColumn('failure', 'text')
    .addColumn('failure_detail', 'text')
    .addColumn('failed_at', 'bigint')
    .addColumn('next_at', 'bigint')
    .addColumn('asked_by', 'text', (c) => c.notNull())
    .addColumn('asked_by_name', 'text', (c) => c.notNull())
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('action_issues_issue')
    .on('action_issues')
    .columns(['tracker', 'project', 'number'])
    .execute()
  await db.schema
    .createTable('action_issue_notes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('action_id', 'text', (c) => c.notNull().references('actions.id'))
    .addColumn('said', 'text', (c) => c.notNull())
    .addColumn('wanted', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('settled_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('action_issue_notes_action')
    .on('action_issue_notes')
    .columns(['action_id', 'state', 'id'])
    .execute()
  await db.schema
    .createTable('tracker_standings')
    .addColumn('tracker', 'text', (c) => c.primaryKey())
    .addColumn('paused_until', 'bigint', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('tracker_deliveries')
    .addColumn('tracker', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('tracker_deliveries_key', ['tracker', 'digest'])
    .execute()
}
