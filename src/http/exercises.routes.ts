import * as contract from '../contract/exercises.ts'
import {
  answerExercise,
  createExercise,
  joinExercise,
  moveExercise,
  viewExercise,
  viewExercises,
} from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'

/** Table-top exercises. */
export const exercisesRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listExercises, ({ query }) => viewExercises(db, query))
  bind(contract.readExercise, ({ actor, params }) => viewExercise(db, actor, params.id))
  bind(contract.createExercise, async ({ actor, body }) => {
    const { id } = await createExercise(world, actor, body)
    return viewExercise(db, actor, id)
  })
  bind(contract.joinExercise, async ({ actor, params }) => {
    await joinExercise(world, actor, params.id)
    return viewExercise(db, actor, params.id)
  })
  bind(contract.moveExercise, async ({ actor, params, body }) => {
    await moveExercise(world, actor, { ...body, exerciseId: params.id })
    return viewExercise(db, actor, params.id)
  })
  bind(contract.answerExercise, async ({ actor, params, body }) => {
    await answerExercise(world, actor, { ...body, exerciseId: params.id })
    return viewExercise(db, actor, params.id)
  })
}
