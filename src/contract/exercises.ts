import { z } from 'zod'
import { byId, id, instant, name, page, pageQuery, route, text } from './route.ts'

const room = 'exercises'
export const question = z.enum(['look', 'call', 'tell'])
export type ExerciseQuestion = z.infer<typeof question>
export const exercise = z.object({
  id,
  title: z.string(),
  /** Only once it is over: until then nobody is led to the end of the story. */
  incidentId: z.string().nullable(),
  facilitatorId: z.string(),
  facilitator: z.string(),
  state: z.enum(['gathering', 'running', 'ended']),
  reason: z.string(),
  since: instant,
  /** The step that is shown, counted from 1; 0 before the first. */
  step: z.number().int(),
  stepSince: instant.nullable(),
  /** How many steps there are. */
  of: z.number().int(),
  createdAt: instant,
  endedAt: instant.nullable(),
})
export type Exercise = z.infer<typeof exercise>
export const exerciseDetail = exercise.extend({
  participants: z.array(
    z.object({
      personId: z.string(),
      name: z.string(),
      joinedAt: instant,
      /** What this person has answered of the step that is shown. */
      answeredNow: z.array(question),
    }),
  ),
  /** What was shown so far; everything when it is over. */
  steps: z.array(
    z.object({
      step: z.number().int(),
      at: instant,
      lines: z.array(z.object({ at: instant, what: z.string(), text: z.string() })),
      /** One's own at once, those of others when the step is over. */
      answers: z.array(
        z.object({
          id,
          question,
          personId: z.string(),
          name: z.string(),
          text: z.string(),
          afterMs: z.number(),
          at: instant,
        }),
      ),
    }),
  ),
})
export type ExerciseDetail = z.infer<typeof exerciseDetail>
export const listExercises = route({
  id: 'listExercises',
  method: 'GET',
  path: '/api/v1/exercises',
  summary: 'Table-top exercises, the newest first',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(exercise),
})
export const readExercise = route({
  id: 'readExercise',
  method: 'GET',
  path: '/api/v1/exercises/:id',
  summary: 'One exercise, as far as it was shown',
  room,
  access: 'viewer',
  params: byId,
  answer: exerciseDetail,
})
export const createExercise = route({
  id: 'createExercise',
  method: 'POST',
  path: '/api/v1/exercises',
  summary: 'Make an exercise of a past incident, or of an imported one',
  room,
  access: 'responder',
  status: 201,
  body: z.union([
    z.strictObject({ incidentId: id, title: name.optional() }),
    z.strictObject({ postmortemId: id, title: name.optional() }),
  ]),
  answer: exerciseDetail,
})
export const joinExercise = route({
  id: 'joinExercise',
  method: 'POST',
  path: '/api/v1/exercises/:id/join',
  summary: 'Take part',
  room,
  access: 'responder',
  params: byId,
  answer: exerciseDetail,
})
export const moveExercise = route({
  id: 'moveExercise',
  method: 'POST',
  path: '/api/v1/exercises/:id/move',
  summary: 'Show the next step, or end it',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({
    to: z.enum(['next', 'end']),
    /** The step that was shown when this was chosen: nothing is skipped by a second press. */
    from: z.number().int().min(0),
  }),
  answer: exerciseDetail,
})
export const answerExercise = route({
  id: 'answerExercise',
  method: 'POST',
  path: '/api/v1/exercises/:id/answers',
  summary: 'Answer what is asked now',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ step: z.number().int().min(1), question, text: text.min(1) }),
  answer: exerciseDetail,
})
