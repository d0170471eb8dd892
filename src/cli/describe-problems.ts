import type { Problem } from '../kit/errors.ts'
import type { ConfigurationProblem } from './program.ts'

/** `path: message`, and the remedy on a line of its own below. */
export function describeProblem({ path, message, remedy }: Problem): string {
  return `${path ? `${path}: ` : ''}${message}\n${remedy ? `    ${remedy}\n` : ''}`
}

/** `file:line:column: path: message`, which editors can follow, with the remedy below. */
export function describeProblems(problems: ConfigurationProblem[], file?: string): string {
  return problems
    .map((problem) => {
      const { line, column } = problem
      return `${file ? `${file}:` : ''}${line}:${column}: ${describeProblem(problem)}`
    })
    .join('')
}
