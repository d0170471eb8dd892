import type { Migration, MigrationContext } from '../migration.ts'

/** Comments and reviews of post-mortems, when their drafts are due, and what went well, wrong or by luck. */
export const migration: Migration = {
  name: '0026-postmortem-review',
  breaking: false,
  async up(context) {
    const { db } = context
    await db.schema.alterTable('postmortems').addColumn('draft_due_at', 'bigint').execute()
    // Which text the items were last read from; 0 is none.
    await db.schema
      .alterTable('postmortems')
      .addColumn('items_version', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await createComments(context)
    await createReviews(context)
    await createItems(context)
  },
}

async function createComments({ db, appendOnly }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('postmortem_comments')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
    .addColumn('thread_id', 'text', (c) => c.notNull())
    .addColumn('section', 'text')
    .addColumn('quote', 'text')
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await appendOnly('postmortem_comments')
  await db.schema
    .createIndex('postmortem_comments_of')
    .on('postmortem_comments')
    .columns(['postmortem_id', 'id'])
    .execute()
  await db.schema
    .createTable('postmortem_thread_moves')
    .addColumn('thread_id', 'text', (c) => c.notNull().references('postmortem_comments.id'))
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('postmortem_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('postmortem_thread_moves_key', ['thread_id', 'n'])
    .execute()
  await appendOnly('postmortem_thread_moves')
  await db.schema
    .createIndex('postmortem_thread_moves_of')
    .on('postmortem_thread_moves')
    .column('postmortem_id')
    .execute()
}

async function createReviews({ db, appendOnly }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('postmortem_reviewers')
    .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('person_name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('asked_by', 'text', (c) => c.notNull())
    .addColumn('asked_by_name', 'text', (c) => c.notNull())
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .addColumn('told', 'text', (c) => c.notNull())
    .addColumn('told_reason', 'text', (c) => c.notNull())
    .addColumn('told_at', 'bigint')
    .addPrimaryKeyConstraint('postmortem_reviewers_key', ['postmortem_id', 'person_id'])
    .execute()
  await db.schema
    .createTable('postmortem_verdicts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('person_name', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await appendOnly('postmortem_verdicts')
  await db.schema
    .createIndex('postmortem_verdicts_of')
    .on('postmortem_verdicts')
    .columns(['postmortem_id', 'id'])
    .execute()
  await db.schema
    .createTable('postmortem_overrules')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('blockers', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await appendOnly('postmortem_overrules')
  await db.schema
    .createIndex('postmortem_overrules_of')
    .on('postmortem_overrules')
    .columns(['postmortem_id', 'id'])
    .execute()
}

async function createItems({ db }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('postmortem_items')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('postmortem_id', 'text', (c) => c.notNull().references('postmortems.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('in_text', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('action_id', 'text', (c) => c.references('actions.id'))
    .addColumn('accepted_by', 'text')
    .addColumn('accepted_by_name', 'text')
    .addColumn('accepted_until', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('postmortem_items_of')
    .on('postmortem_items')
    .columns(['postmortem_id', 'id'])
    .execute()
  await db.schema
    .createIndex('postmortem_items_luck')
    .on('postmortem_items')
    .columns(['kind', 'state', 'id'])
    .execute()
  await db.schema.createIndex('postmortem_items_action').on('postmortem_items').column('action_id').execute()
}
