import type { ExerciseDetail, ExerciseQuestion } from '../../../src/contract/exercises.ts'
import { sayDuration } from '../../times/say-time.ts'

/** What is asked at each step, as it is asked. */
export const QUESTIONS: Record<ExerciseQuestion, { asks: string; hint: string }> = {
  look: { asks: 'What do you look at?', hint: 'A page, a log, a command, a person’s screen.' },
  call: { asks: 'Whom do you call?', hint: 'A name, a team, or nobody yet, and why.' },
  tell: { asks: 'What do you tell users?', hint: 'The words that they would read now.' },
}
export const ASKED = Object.keys(QUESTIONS) as ExerciseQuestion[]

type Step = ExerciseDetail['steps'][number]

/** The answers to one question of a step, the quickest first. */
export function answersTo(step: Step, question: ExerciseQuestion): Step['answers'] {
  return step.answers.filter((one) => one.question === question).toSorted((a, b) => a.afterMs - b.afterMs)
}

/** How long somebody took; people are not timed to the millisecond. */
export function sayTaken(ms: number): string {
  return ms < 1_000 ? 'at once' : sayDuration(Math.round(ms / 1_000) * 1_000)
}
