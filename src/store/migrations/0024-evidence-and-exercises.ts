import { sql } from 'kysely'
import type { Migration, MigrationContext } from '../migration.ts'

// Of an action that calls itself proved: a run that passed, of the drill that was to prove this very action, or
// evidence that was given for it and was accepted as passed.
const HAS_PROOF = `CASE WHEN NEW.proof_id IS NULL
  THEN EXISTS (SELECT 1 FROM drill_runs JOIN action_proofs ON action_proofs.drill_id = drill_runs.drill_id
    WHERE drill_runs.id = NEW.drill_run_id AND drill_runs.state = 'passed' AND action_proofs.action_id = NEW.id)
  ELSE EXISTS (SELECT 1 FROM action_evidence WHERE action_evidence.id = NEW.proof_id
    AND action_evidence.action_id = NEW.id AND action_evidence.outcome = 'passed') END`
const NO_PROOF = 'an action is proved by nothing but a proof that names it'

const CONCLUDED = "OLD.state IN ('passed', 'failed', 'inconclusive')"
const RUN_STANDS = 'what a drill came to stands'
const RUN_UNPLAYED = 'a run of a drill begins as one that is yet to be played'

/** Evidence other than drills, who says so, and exercises of people; the database itself guards what is proved. */
export const migration: Migration = {
  name: '0024-evidence-and-exercises',
  breaking: false,
  async up(context) {
    const { db, appendOnly } = context
    await db.schema
      .createTable('action_evidence')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('action_id', 'text', (c) => c.notNull().references('actions.id'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('summary', 'text', (c) => c.notNull())
      .addColumn('details', 'text', (c) => c.notNull())
      .addColumn('given_by', 'text', (c) => c.notNull())
      .addColumn('given_by_name', 'text', (c) => c.notNull())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('given_at', 'bigint', (c) => c.notNull())
      .execute()
    await appendOnly('action_evidence')
    await db.schema
      .createIndex('action_evidence_action')
      .on('action_evidence')
      .columns(['action_id', 'id'])
      .execute()
    await db.schema.alterTable('actions').addColumn('proof_id', 'text').execute()
    await db.schema.alterTable('actions').addColumn('proved_by', 'text').execute()
    await db.schema.alterTable('actions').addColumn('proof_until', 'bigint').execute()
    // Until now nothing but a drill could have proved an action.
    await sql.raw("UPDATE actions SET proved_by = 'drill' WHERE drill_run_id IS NOT NULL").execute(db)
    await guard(context)
    await createExercises(context)
  },
}

async function guard({ db, dialect }: MigrationContext): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db)
  if (dialect === 'sqlite') {
    const refuse = (name: string, when: string, condition: string, message: string) =>
      run(
        `CREATE TRIGGER ${name} BEFORE ${when} WHEN ${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`,
      )
    const unproved = `NEW.state = 'proved' AND NOT (${HAS_PROOF})`
    await refuse('actions_born_proved', 'INSERT ON actions', unproved, NO_PROOF)
    await refuse('actions_proved', 'UPDATE ON actions', unproved, NO_PROOF)
    await refuse('drill_runs_born', 'INSERT ON drill_runs', "NEW.state <> 'queued'", RUN_UNPLAYED)
    await refuse('drill_runs_stand', 'UPDATE ON drill_runs', CONCLUDED, RUN_STANDS)
    await refuse('drill_runs_stay', 'DELETE ON drill_runs', CONCLUDED, RUN_STANDS)
    return
  }
  const refuse = async (name: string, when: string, condition: string, message: string) => {
    const row = when.startsWith('DELETE') ? 'OLD' : 'NEW'
    await run(
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF ${condition} THEN RAISE EXCEPTION '${message}'; END IF; RETURN ${row}; END $$`,
    )
    await run(`CREATE TRIGGER ${name} BEFORE ${when} FOR EACH ROW EXECUTE FUNCTION ${name}()`)
  }
  const unproved = `NEW.state = 'proved' AND NOT (${HAS_PROOF})`
  await refuse('actions_proved', 'INSERT OR UPDATE ON actions', unproved, NO_PROOF)
  await refuse('drill_runs_born', 'INSERT ON drill_runs', "NEW.state <> 'queued'", RUN_UNPLAYED)
  await refuse('drill_runs_stand', 'UPDATE ON drill_runs', CONCLUDED, RUN_STANDS)
  await refuse('drill_runs_stay', 'DELETE ON drill_runs', CONCLUDED, RUN_STANDS)
}

async function createExercises({ db, appendOnly }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('exercises')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('facilitator_id', 'text', (c) => c.notNull())
    .addColumn('facilitator_name', 'text', (c) => c.notNull())
    .addColumn('steps', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('step_since', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute()
  await db.schema
    .createTable('exercise_people')
    .addColumn('exercise_id', 'text', (c) => c.notNull().references('exercises.id'))
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('person_name', 'text', (c) => c.notNull())
    .addColumn('joined_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('exercise_people_key', ['exercise_id', 'person_id'])
    .execute()
  await db.schema
    .createTable('exercise_answers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('exercise_id', 'text', (c) => c.notNull().references('exercises.id'))
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('question', 'text', (c) => c.notNull())
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('person_name', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('after_ms', 'bigint', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await appendOnly('exercise_answers')
  await db.schema
    .createIndex('exercise_answers_exercise')
    .on('exercise_answers')
    .columns(['exercise_id', 'id'])
    .execute()
}
