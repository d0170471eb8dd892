import type { Exercise, ExerciseReason, ExerciseState, Question } from './exercise.ts'

type Standing = Pick<Exercise, 'state' | 'step' | 'facilitatorId'> & { steps: readonly unknown[] }

export type MoveDecision =
  | { outcome: 'move'; state: ExerciseState; step: number; reason: ExerciseReason }
  | { outcome: 'refuse'; reason: 'not-the-facilitator' | 'over' | 'moved-meanwhile' }

/** What "next" or "end" of the facilitator does; `from` is the step that was on the screen when it was pressed. */
export function decideMove(
  exercise: Standing,
  by: { personId: string | null; mayAll: boolean },
  wish: { to: 'next' | 'end'; from: number },
): MoveDecision {
  if (by.personId !== exercise.facilitatorId && !by.mayAll)
    return { outcome: 'refuse', reason: 'not-the-facilitator' }
  if (exercise.state === 'ended') return { outcome: 'refuse', reason: 'over' }
  // Two presses of one button must not skip a step that nobody has read.
  if (wish.from !== exercise.step) return { outcome: 'refuse', reason: 'moved-meanwhile' }
  const last = exercise.steps.length
  if (wish.to === 'end')
    return {
      outcome: 'move',
      state: 'ended',
      step: exercise.step,
      reason: exercise.step === last ? 'all-shown' : 'ended-early',
    }
  if (exercise.step === last) return { outcome: 'move', state: 'ended', step: last, reason: 'all-shown' }
  const step = exercise.step + 1
  return { outcome: 'move', state: 'running', step, reason: step === 1 ? 'begun' : 'moved-on' }
}

export type AnswerDecision =
  | { outcome: 'take'; reason: 'asked' }
  | { outcome: 'refuse'; reason: 'not-joined' | 'not-asked' | 'no-person' }

/** Whether an answer counts: only to what is shown now, by somebody who takes part. */
export function decideAnswer(
  exercise: Standing,
  given: { step: number; question: Question; personId: string | null; joined: boolean },
): AnswerDecision {
  if (given.personId === null) return { outcome: 'refuse', reason: 'no-person' }
  if (!given.joined) return { outcome: 'refuse', reason: 'not-joined' }
  if (exercise.state !== 'running' || given.step !== exercise.step)
    return { outcome: 'refuse', reason: 'not-asked' }
  return { outcome: 'take', reason: 'asked' }
}

/** How many steps a reader may see: those that were shown, and all of them when it is over. */
export function stepsShown({ state, step, steps }: Standing): number {
  return state === 'ended' ? steps.length : step
}

/**
 * Whose answers a reader sees: one's own at once, those of others when the step is over, so that nobody copies. Only
 * the facilitator reads along.
 */
export function mayReadAnswer(
  exercise: Standing,
  answer: { step: number; personId: string },
  reader: string | null,
): boolean {
  return (
    exercise.state === 'ended' ||
    answer.step < exercise.step ||
    (reader !== null && (answer.personId === reader || exercise.facilitatorId === reader))
  )
}
