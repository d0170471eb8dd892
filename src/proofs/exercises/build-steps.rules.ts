import type { Millis } from '../../kit/clock.ts'
import { MINUTE } from '../../kit/duration.ts'
import type { ExerciseStep, StepLine } from './exercise.ts'

export const MOST_STEPS = 12

// What is learned within two minutes is learned at once; nobody could have answered in between.
const TOGETHER = 2 * MINUTE
// What was written about it afterwards was never known while it lasted.
const AFTERWARDS = new Set(['postmortem', 'action'])

/**
 * The steps of an exercise, by when each thing was known and not by when it happened: an alarm of the evening that
 * somebody saw in the morning belongs to the morning. Where there would be too many, the closest are joined.
 */
export function buildSteps(
  lines: readonly (StepLine & { knownAt: Millis })[],
  most: number = MOST_STEPS,
): ExerciseStep[] {
  const known = lines
    .filter(({ what }) => !AFTERWARDS.has(what))
    .toSorted((a, b) => a.knownAt - b.knownAt || a.at - b.at)
  const steps: ExerciseStep[] = []
  for (const { knownAt, at, what, text } of known) {
    const last = steps.at(-1)
    if (last && knownAt - last.at <= TOGETHER) last.lines.push({ at, what, text })
    else steps.push({ at: knownAt, lines: [{ at, what, text }] })
  }
  while (steps.length > Math.max(1, most)) joinClosest(steps)
  return steps
}

function joinClosest(steps: ExerciseStep[]): void {
  let closest = 1
  for (let i = 2; i < steps.length; i++)
    if (steps[i]!.at - steps[i - 1]!.at < steps[closest]!.at - steps[closest - 1]!.at) closest = i
  // Nothing is shown before it was known: the joined step is that of the later moment.
  const [before] = steps.splice(closest - 1, 1)
  const joined = steps[closest - 1]!
  joined.lines = [...before!.lines, ...joined.lines]
}
