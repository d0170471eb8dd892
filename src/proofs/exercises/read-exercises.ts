import type * as contract from '../../contract/exercises.ts'
import type { Actor } from '../../engine/world.ts'
import { iso, isoOrNull } from '../../kit/clock.ts'
import { notFound } from '../../kit/errors.ts'
import type { Reader } from '../../store/store.ts'
import { findExercise, listAnswers, listExercises, listParticipants } from './exercise.rows.ts'
import { mayReadAnswer, stepsShown } from './exercise.rules.ts'
import type { Exercise } from './exercise.ts'

/** Exercises, the newest first. */
export async function viewExercises(
  db: Reader,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ items: contract.Exercise[]; next: string | null }> {
  const found = await listExercises(db, { before: cursor, limit: limit + 1 })
  const items = found.slice(0, limit).map(headOf)
  return { items, next: found.length > limit ? items.at(-1)!.id : null }
}

/** One exercise as this reader may see it: what is yet to come never leaves the server. */
export async function viewExercise(db: Reader, actor: Actor, id: string): Promise<contract.ExerciseDetail> {
  const exercise = await findExercise(db, id)
  if (!exercise) throw notFound('exercise', id)
  const participants = await listParticipants(db, id)
  const answers = await listAnswers(db, id)
  const now = answers.filter(({ step }) => step === exercise.step)
  return {
    ...headOf(exercise),
    participants: participants.map(({ personId, name, joinedAt }) => ({
      personId,
      name,
      joinedAt: iso(joinedAt),
      answeredNow: now.filter((one) => one.personId === personId).map(({ question }) => question),
    })),
    steps: exercise.steps.slice(0, stepsShown(exercise)).map(({ at, lines }, i) => ({
      step: i + 1,
      at: iso(at),
      lines: lines.map((line) => ({ at: iso(line.at), what: line.what, text: line.text })),
      answers: answers
        .filter((one) => one.step === i + 1 && mayReadAnswer(exercise, one, actor.personId))
        .map(({ id: answerId, question, personId, name, text, afterMs, at: answeredAt }) => ({
          id: answerId,
          question,
          personId,
          name,
          text,
          afterMs,
          at: iso(answeredAt),
        })),
    })),
  }
}

function headOf(exercise: Exercise): contract.Exercise {
  return {
    id: exercise.id,
    title: exercise.title,
    // Until it is over, the way to the whole story stays closed.
    incidentId: exercise.state === 'ended' ? exercise.incidentId : null,
    facilitatorId: exercise.facilitatorId,
    facilitator: exercise.facilitatorName,
    state: exercise.state,
    reason: exercise.reason,
    since: iso(exercise.since),
    step: exercise.step,
    stepSince: isoOrNull(exercise.stepSince),
    of: exercise.steps.length,
    createdAt: iso(exercise.createdAt),
    endedAt: isoOrNull(exercise.endedAt),
  }
}
