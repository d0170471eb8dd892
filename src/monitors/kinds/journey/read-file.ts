import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { reasonOf, TocsinError } from '../../../kit/errors.ts'
import { resolveSecrets } from '../../../kit/resolve-secrets.ts'

const load = createRequire(import.meta.url)

// What a monitor of the configuration has beside the settings of its kind: a file may be cut out of one.
const OF_EVERY_MONITOR = [
  'type',
  'service',
  'every',
  'enabled',
  'confirm',
  'recover',
  'retryEvery',
  'places',
  'quorum',
]

/** The settings of a journey from a YAML file, with secrets put in their places as in the configuration. */
export function readJourneyFile(
  file: string,
  env: Record<string, string | undefined>,
): Record<string, unknown> {
  const wrong = (message: string, remedy: string, path = file) =>
    new TocsinError('invalid-input', `The journey ${file} is not valid: ${message}`, [
      { path, message, remedy },
    ])
  const { parse } = load('yaml') as typeof import('yaml')
  let read: unknown
  try {
    read = parse(readFileSync(file, 'utf8'), { maxAliasCount: 100, prettyErrors: false })
  } catch (error) {
    throw wrong(reasonOf(error), 'Name a YAML file with "url" and "steps".')
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw wrong('it is no map of settings', 'Write "url: https://…" and a list of "steps".')
  const { value, problems } = resolveSecrets(read, { env, folder: dirname(resolve(file)) })
  const [first] = problems
  if (first) throw wrong(first.message, first.remedy, first.path.map(String).join('.'))
  const settings = { ...(value as Record<string, unknown>) }
  for (const key of OF_EVERY_MONITOR) delete settings[key]
  return settings
}
