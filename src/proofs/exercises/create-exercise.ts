import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { newId } from '../../kit/ids.ts'
import { documentAsItWas, incidentAsItWas } from '../drills/incident-replay/as-it-was.ts'
import { exerciseCreated } from '../facts.ts'
import { buildSteps } from './build-steps.rules.ts'
import { findExercise, insertExercise } from './exercise.rows.ts'
import type { Exercise } from './exercise.ts'

export type CreateExerciseInput = { title?: string } & ({ incidentId: string } | { postmortemId: string })

// With fewer there is nothing to guess.
const FEWEST_STEPS = 2

/** Makes an exercise of a past incident; whoever makes it leads it. Its steps are frozen here. */
export async function createExercise(
  world: World,
  actor: Actor,
  input: CreateExerciseInput,
): Promise<Exercise> {
  authorize(actor, 'responder')
  if (actor.personId === null)
    throw wrongState('An exercise is led by a person who signs in, not by a token.')
  const was =
    'incidentId' in input
      ? await incidentAsItWas(world, input.incidentId)
      : await documentAsItWas(world, input.postmortemId)
  if (!was)
    throw 'incidentId' in input
      ? notFound('incident', input.incidentId)
      : notFound('imported post-mortem', input.postmortemId)
  const steps = buildSteps(was.lines)
  if (steps.length < FEWEST_STEPS)
    throw new TocsinError(
      'wrong-state',
      'Its timeline is too short: there is nothing that could be revealed step by step.',
    )
  const { personId, name } = actor
  const id = await world.transact(async (tx) => {
    const exercise: Exercise = {
      id: newId(tx.now),
      title: input.title ?? was.title,
      incidentId: 'incidentId' in input ? input.incidentId : null,
      facilitatorId: personId,
      facilitatorName: name,
      steps,
      state: 'gathering',
      reason: 'made',
      since: tx.now,
      step: 0,
      stepSince: null,
      createdAt: tx.now,
      startedAt: null,
      endedAt: null,
    }
    await insertExercise(tx, exercise)
    await exerciseCreated.append(tx, world, {
      subject: exercise.id,
      actor,
      data: { title: exercise.title, steps: steps.length },
    })
    return exercise.id
  })
  return (await findExercise(world.store.read, id))!
}
