import type { z } from 'zod'
import { TocsinError } from './errors.ts'

/** Reads a verb's input by its schema; everything wrong with it is named at once, with its place. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }))
  const first = problems[0]
  const detail = first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'The input is not valid.'
  throw new TocsinError('invalid-input', detail, problems)
}
