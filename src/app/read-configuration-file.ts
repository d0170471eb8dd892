import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { reasonOf, TocsinError } from '../kit/errors.ts'
import {
  type Configuration,
  type ConfigurationResult,
  emptyConfiguration,
  readConfiguration,
} from './configuration.ts'

/** The file in force: the one named, else `tocsin.yaml` in the data directory, else none. */
export function configurationFile(named: string | null, dataDirectory: string): string | null {
  if (named !== null) return resolve(named)
  const usual = join(dataDirectory, 'tocsin.yaml')
  return existsSync(usual) ? usual : null
}

/** Reads the file, or gives the empty configuration where there is none. Throws when it cannot be read at all. */
export function readConfigurationFile(file: string | null): ConfigurationResult {
  if (file === null) return { ok: true, value: emptyConfiguration() }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new TocsinError(
      'configuration-invalid',
      `The configuration file ${file} cannot be read: ${reasonOf(error)}. Name it with --config, or leave the option out.`,
    )
  }
  return readConfiguration(text, { env: process.env, folder: dirname(file) })
}

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`

/** What a configuration holds, in one line. */
export function summarize({ services, monitors, people, policies, drills }: Configuration): string {
  const count = (section: object) => Object.keys(section).length
  return [
    plural(count(services), 'service'),
    plural(count(monitors), 'monitor'),
    count(people) === 1 ? '1 person' : `${count(people)} people`,
    count(policies) === 1 ? '1 policy' : `${count(policies)} policies`,
    plural(count(drills), 'drill'),
  ].join(', ')
}

/** What is allowed, but hardly meant. */
export function warningsOf(configuration: Configuration): string[] {
  const warnings: string[] = []
  if (Object.keys(configuration.monitors).length > 0 && Object.keys(configuration.policies).length === 0)
    warnings.push('policies: there is none, so alerts go to the administrators only')
  const mailed = Object.values(configuration.people).length > 0
  if (mailed && !configuration.mail)
    warnings.push('mail: there is no mail server, so nobody can be reached by e-mail')
  return warnings
}
