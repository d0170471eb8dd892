import type { Clock } from '../../kit/clock.ts'
import { type Problem, TocsinError } from '../../kit/errors.ts'
import type { MonitorKind } from './kind.ts'
import { type MonitorKindName, monitorKinds } from './registry.ts'

/** A kind by its name; throws `invalid-input` for an unknown one. */
export function kindNamed(name: string): MonitorKind {
  if (Object.hasOwn(monitorKinds, name))
    return monitorKinds[name as MonitorKindName] as unknown as MonitorKind
  const known = Object.keys(monitorKinds).join(', ')
  throw new TocsinError('invalid-input', `There is no kind of monitor "${name}".`, [
    { path: 'type', message: `"${name}" is not a kind of monitor`, remedy: `Use one of ${known}.` },
  ])
}

/** Ends what kinds keep running between checks. */
export async function stopKinds(clock: Clock): Promise<void> {
  const kinds = Object.values(monitorKinds) as unknown as MonitorKind[]
  await Promise.all(kinds.map((kind) => kind.stop?.(clock)))
}

/** Parses a kind's parameters; every problem is named with its path. */
export function parseSpec(of: MonitorKind | string, input: unknown): unknown {
  const kind = typeof of === 'string' ? kindNamed(of) : of
  const result = kind.schema.safeParse(input)
  if (result.success) return result.data
  const problems = problemsOf(result.error.issues)
  const detail = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ')
  throw new TocsinError(
    'invalid-input',
    `The parameters of the ${kind.kind} check are not valid: ${detail}`,
    problems,
  )
}

/** What zod found, in the house's form. */
export function problemsOf(issues: readonly { path: PropertyKey[]; message: string }[]): Problem[] {
  return issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}
