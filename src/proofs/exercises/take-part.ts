import { authorize, roleIncludes } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { newId } from '../../kit/ids.ts'
import { exerciseAnswered, exerciseEnded, exerciseJoined, exerciseMoved } from '../facts.ts'
import {
  findExercise,
  insertAnswer,
  insertParticipant,
  listAnswers,
  listParticipants,
  moveExerciseRow,
} from './exercise.rows.ts'
import { decideAnswer, decideMove } from './exercise.rules.ts'
import type { Exercise, Question } from './exercise.ts'

/** Sits down at the table; a second time changes nothing. */
export async function joinExercise(world: World, actor: Actor, exerciseId: string): Promise<Exercise> {
  authorize(actor, 'responder')
  const { personId, name } = actor
  if (personId === null) throw wrongState('A person takes part, not a token: sign in.')
  await world.transact(async (tx) => {
    const exercise = await findExercise(tx.db, exerciseId)
    if (!exercise) throw notFound('exercise', exerciseId)
    if (exercise.state === 'ended') throw wrongState('The exercise is over.')
    if (!(await insertParticipant(tx, exerciseId, { personId, name }))) return
    await exerciseJoined.append(tx, world, { subject: exerciseId, actor, data: { personId, name } })
  })
  return (await findExercise(world.store.read, exerciseId))!
}

const NOT_MOVED = {
  over: 'The exercise is over.',
  'moved-meanwhile': 'The exercise has moved on meanwhile: look again.',
} as const

/** Shows the next step, or ends the exercise; the facilitator does, or an administrator. */
export async function moveExercise(
  world: World,
  actor: Actor,
  input: { exerciseId: string; to: 'next' | 'end'; from: number },
): Promise<Exercise> {
  authorize(actor, 'responder')
  await world.transact(async (tx) => {
    const exercise = await findExercise(tx.db, input.exerciseId)
    if (!exercise) throw notFound('exercise', input.exerciseId)
    const by = { personId: actor.personId, mayAll: roleIncludes(actor.role, 'administrator') }
    const decision = decideMove(exercise, by, input)
    if (decision.outcome === 'refuse') {
      if (decision.reason === 'not-the-facilitator')
        throw new TocsinError('forbidden', `${exercise.facilitatorName} leads this exercise.`)
      throw wrongState(NOT_MOVED[decision.reason])
    }
    const { state, step, reason } = decision
    if (!(await moveExerciseRow(tx, exercise, { state, step, reason })))
      throw wrongState(NOT_MOVED['moved-meanwhile'])
    if (state === 'ended') {
      const answers = (await listAnswers(tx.db, exercise.id)).length
      await exerciseEnded.append(tx, world, { subject: exercise.id, actor, data: { answers } })
    } else await exerciseMoved.append(tx, world, { subject: exercise.id, actor, data: { step } })
  })
  return (await findExercise(world.store.read, input.exerciseId))!
}

const NOT_TAKEN = {
  'no-person': 'A person answers, not a token: sign in.',
  'not-joined': 'Take part first.',
  'not-asked': 'This is not what is asked now: the exercise has moved on.',
} as const

/** Answers what is asked now; how long it took is kept. A second answer stands beside the first. */
export async function answerExercise(
  world: World,
  actor: Actor,
  input: { exerciseId: string; step: number; question: Question; text: string },
): Promise<void> {
  authorize(actor, 'responder')
  const { exerciseId, step, question, text } = input
  await world.transact(async (tx) => {
    const exercise = await findExercise(tx.db, exerciseId)
    if (!exercise) throw notFound('exercise', exerciseId)
    const { personId, name } = actor
    const joined = (await listParticipants(tx.db, exerciseId)).some((one) => one.personId === personId)
    const decision = decideAnswer(exercise, { step, question, personId, joined })
    if (decision.outcome === 'refuse') throw wrongState(NOT_TAKEN[decision.reason])
    await insertAnswer(tx, exerciseId, {
      id: newId(tx.now),
      step,
      question,
      personId: personId!,
      name,
      text,
      afterMs: Math.max(0, tx.now - (exercise.stepSince ?? tx.now)),
      at: tx.now,
    })
    await exerciseAnswered.append(tx, world, {
      subject: exerciseId,
      actor,
      data: { step, question, personId: personId! },
    })
  })
}
