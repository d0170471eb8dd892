import { z } from 'zod'
import { catalogConfig } from '../catalog/index.ts'
import { channelsConfig, mailConfig } from '../channels/index.ts'
import { statusPageConfig } from '../comms/index.ts'
import { incidentsConfig } from '../incidents/index.ts'
import type { Problem } from '../kit/errors.ts'
import { historyRetention, monitorsConfig } from '../monitors/index.ts'
import { oncallConfig } from '../oncall/index.ts'
import { postmortemsConfig } from '../postmortems/index.ts'
import { proofsConfig } from '../proofs/index.ts'
import { danglingReferences } from './check-references.ts'
import { at, explainIssue } from './explain-issue.ts'
import { keysKnownTo } from './known-keys.ts'
import { type Place, readYaml } from './read-yaml.ts'
import { resolveSecrets } from './resolve-secrets.ts'

/** The whole configuration file; every section belongs to a room. */
export const configuration = z
  .strictObject({
    publicUrl: z
      .url({ protocol: /^https?$/, error: 'must be an address such as https://tocsin.example.org' })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional()
      .meta({
        title: 'Public address',
        description: 'Where people reach this Tocsin; links in messages begin with it.',
      }),
    mail: mailConfig.optional(),
    channels: channelsConfig,
    ...catalogConfig.shape,
    ...monitorsConfig.shape,
    retention: historyRetention.prefault({}).meta({ title: 'Retention' }),
    ...oncallConfig.shape,
    incidents: incidentsConfig.prefault({}).meta({ title: 'Incidents' }),
    statusPage: statusPageConfig.prefault({}).meta({ title: 'Status page' }),
    postmortems: postmortemsConfig.prefault({}).meta({ title: 'Post-mortems' }),
    ...proofsConfig.shape,
  })
  .meta({ title: 'Tocsin', description: 'The configuration of Tocsin.' })

export type Configuration = z.output<typeof configuration>

/** A problem with its place in the file; lines and columns count from 1. */
export interface PlacedProblem extends Problem {
  line: number
  column: number
}

export type ConfigurationResult =
  | { ok: true; value: Configuration }
  | { ok: false; problems: PlacedProblem[] }

const knownKeys = (() => {
  let known: ReturnType<typeof keysKnownTo> | null = null
  return (value: unknown, path: readonly PropertyKey[]) => {
    known ??= keysKnownTo(configuration)
    return known(value, path)
  }
})()

/**
 * Reads a configuration file: YAML, then secrets, then every section's schema, then what the sections say of each
 * other. All problems of the first step that has any are told at once, in the order of the file.
 */
export function readConfiguration(
  text: string,
  sources: { env: Record<string, string | undefined>; folder: string },
): ConfigurationResult {
  const yaml = readYaml(text)
  const failed = (problems: PlacedProblem[]): ConfigurationResult => ({
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
  const parsed = configuration.safeParse(secrets.value)
  if (!parsed.success)
    return failed(
      parsed.error.issues
        .flatMap((issue) =>
          explainIssue(issue, at(secrets.value, issue.path), (path) => knownKeys(secrets.value, path)),
        )
        .map(({ path, key, message, remedy }) => placed(path, { message, remedy }, key)),
    )
  const dangling = danglingReferences(parsed.data)
  if (dangling.length > 0)
    return failed(dangling.map(({ path, ...rest }) => placed(split(path, parsed.data), rest)))
  return { ok: true, value: parsed.data }
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

/** The JSON Schema of the file, for editors. */
export function configurationSchema(): unknown {
  return z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any', reused: 'inline' })
}

/** An empty file: everything has its default. */
export function emptyConfiguration(): Configuration {
  return configuration.parse({})
}
