import type { z } from 'zod'
import type { Problem } from '../kit/errors.ts'
import { resolveSecrets, type SecretSources } from '../kit/resolve-secrets.ts'
import { at, explainIssue } from './explain-issue.ts'
import { keysKnownTo } from './known-keys.ts'
import { type Place, readYaml } from './read-yaml.ts'

/** A problem with its place in the file; lines and columns count from 1. */
export interface PlacedProblem extends Problem {
  line: number
  column: number
}

export type PlacedResult<Value> = { ok: true; value: Value } | { ok: false; problems: PlacedProblem[] }

/**
 * A reader of files of one schema: YAML, then secrets, then the schema, then what its parts say of each other. All
 * problems of the first step that has any are told at once, in the order of the file.
 */
export function placedReader<Schema extends z.ZodType>(
  schema: Schema,
  dangling: (value: z.output<Schema>) => Problem[] = () => [],
): (text: string, sources: SecretSources) => PlacedResult<z.output<Schema>> {
  let known: ReturnType<typeof keysKnownTo> | null = null
  const knownKeys = (value: unknown, path: readonly PropertyKey[]) => {
    known ??= keysKnownTo(schema)
    return known(value, path)
  }
  return (text, sources) => {
    const yaml = readYaml(text)
    const failed = (problems: PlacedProblem[]): PlacedResult<z.output<Schema>> => ({
      ok: false,
      problems: problems
        .map((problem) => ({ ...problem, remedy: sentence(problem.remedy) }))
        .sort((a, b) => a.line - b.line || a.column - b.column),
    })
    const placed = (
      path: readonly PropertyKey[],
      problem: Omit<Problem, 'path'>,
      key?: string,
    ): PlacedProblem => {
      const { line, column }: Place = yaml.locate(path, key)
      return {
        path: [...path, ...(key === undefined ? [] : [key])].map(String).join('.'),
        ...problem,
        line,
        column,
      }
    }
    if (yaml.problems.length > 0)
      return failed(
        yaml.problems.map(({ message, place }) => ({
          path: '',
          message: `this is not YAML: ${message}`,
          remedy: remedyForYaml(message),
          ...place,
        })),
      )
    const secrets = resolveSecrets(yaml.value ?? {}, sources)
    if (secrets.problems.length > 0)
      return failed(secrets.problems.map(({ path, ...rest }) => placed(path, rest)))
    const parsed = schema.safeParse(secrets.value)
    if (!parsed.success)
      return failed(
        parsed.error.issues
          .flatMap((issue) =>
            explainIssue(issue, at(secrets.value, issue.path), (path) => knownKeys(secrets.value, path)),
          )
          .map(({ path, key, message, remedy }) => placed(path, { message, remedy }, key)),
      )
    const loose = dangling(parsed.data)
    if (loose.length > 0)
      return failed(loose.map(({ path, ...rest }) => placed(split(path, parsed.data), rest)))
    return { ok: true, value: parsed.data }
  }
}

function remedyForYaml(message: string): string {
  if (message.includes('must be unique')) return 'Join the two, or remove one.'
  if (message.includes('Tabs')) return 'Indent with spaces.'
  return 'Check indentation, quotes and brackets around this place.'
}

// Remedies come from several rooms; people read them as one text.
function sentence(text: string | undefined): string | undefined {
  if (!text) return text
  return `${text[0]!.toUpperCase()}${text.slice(1)}${/[.?!…]$/.test(text) ? '' : '.'}`
}

// `a.b.0.c` as a path; the parts are slugs and indexes, so that no part holds a dot.
function split(path: string, value: unknown): PropertyKey[] {
  const parts: PropertyKey[] = []
  for (const part of path.split('.')) parts.push(Array.isArray(at(value, parts)) ? Number(part) : part)
  return parts
}
