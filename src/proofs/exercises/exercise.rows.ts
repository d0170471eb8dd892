import type { Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { ExercisesTable } from '../../store/schema/proofs.ts'
import { type Reader, touched } from '../../store/store.ts'
import type { Answer, Exercise, ExerciseReason, ExerciseStep, Participant, Question } from './exercise.ts'

function readRow(row: ExercisesTable): Exercise {
  return {
    id: row.id,
    title: row.title,
    incidentId: row.incident_id,
    facilitatorId: row.facilitator_id,
    facilitatorName: row.facilitator_name,
    steps: parseJson<ExerciseStep[]>(row.steps),
    state: row.state,
    reason: row.reason as ExerciseReason,
    since: row.since,
    step: row.step,
    stepSince: row.step_since,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

export async function findExercise(db: Reader, id: string): Promise<Exercise | null> {
  const row = await db.selectFrom('exercises').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readRow(row) : null
}

/** Exercises, the newest first. */
export async function listExercises(
  db: Reader,
  { before, limit }: { before?: string; limit: number },
): Promise<Exercise[]> {
  const rows = await db
    .selectFrom('exercises')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(readRow)
}

export async function insertExercise(tx: Tx, exercise: Exercise): Promise<void> {
  await tx.db
    .insertInto('exercises')
    .values({
      id: exercise.id,
      title: exercise.title,
      incident_id: exercise.incidentId,
      facilitator_id: exercise.facilitatorId,
      facilitator_name: exercise.facilitatorName,
      steps: canonicalJson(exercise.steps),
      state: exercise.state,
      reason: exercise.reason,
      since: exercise.since,
      step: exercise.step,
      step_since: exercise.stepSince,
      created_at: exercise.createdAt,
      started_at: exercise.startedAt,
      ended_at: exercise.endedAt,
    })
    .execute()
}

/** Compare-and-set of state and step; false when somebody was faster. */
export async function moveExerciseRow(
  tx: Tx,
  from: Exercise,
  to: Pick<Exercise, 'state' | 'step' | 'reason'>,
): Promise<boolean> {
  const result = await tx.db
    .updateTable('exercises')
    .set({
      ...to,
      since: tx.now,
      ...(to.step === from.step ? {} : { step_since: tx.now }),
      ...(from.state === 'gathering' && to.state === 'running' ? { started_at: tx.now } : {}),
      ...(to.state === 'ended' ? { ended_at: tx.now } : {}),
    })
    .where('id', '=', from.id)
    .where('state', '=', from.state)
    .where('step', '=', from.step)
    .executeTakeFirst()
  return touched(result) > 0
}

/** Adds a participant; false for one who is there already. */
export async function insertParticipant(
  tx: Tx,
  exerciseId: string,
  { personId, name }: Omit<Participant, 'joinedAt'>,
): Promise<boolean> {
  const result = await tx.db
    .insertInto('exercise_people')
    .values({ exercise_id: exerciseId, person_id: personId, person_name: name, joined_at: tx.now })
    .onConflict((c) => c.columns(['exercise_id', 'person_id']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Who takes part, in the order of joining. */
export async function listParticipants(db: Reader, exerciseId: string): Promise<Participant[]> {
  const rows = await db
    .selectFrom('exercise_people')
    .selectAll()
    .where('exercise_id', '=', exerciseId)
    .orderBy('joined_at')
    .orderBy('person_id')
    .execute()
  return rows.map((row) => ({ personId: row.person_id, name: row.person_name, joinedAt: row.joined_at }))
}

export async function insertAnswer(tx: Tx, exerciseId: string, answer: Answer): Promise<void> {
  await tx.db
    .insertInto('exercise_answers')
    .values({
      id: answer.id,
      exercise_id: exerciseId,
      step: answer.step,
      question: answer.question,
      person_id: answer.personId,
      person_name: answer.name,
      text: answer.text,
      after_ms: answer.afterMs,
      at: answer.at,
    })
    .execute()
}

/** Everything that was answered, in order. */
export async function listAnswers(db: Reader, exerciseId: string): Promise<Answer[]> {
  const rows = await db
    .selectFrom('exercise_answers')
    .selectAll()
    .where('exercise_id', '=', exerciseId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    step: row.step,
    question: row.question as Question,
    personId: row.person_id,
    name: row.person_name,
    text: row.text,
    afterMs: row.after_ms,
    at: row.at,
  }))
}
