import { z } from 'zod'
import { catalogConfig } from '../catalog/index.ts'
import { channelsConfig, mailConfig } from '../channels/index.ts'
import { statusPageConfig } from '../comms/index.ts'
import { lifeConfig } from '../engine/life/config.ts'
import { incidentsConfig } from '../incidents/index.ts'
import { historyRetention, monitorsConfig } from '../monitors/index.ts'
import { oncallConfig } from '../oncall/index.ts'
import { postmortemsConfig } from '../postmortems/index.ts'
import { casesConfig, proofsConfig } from '../proofs/index.ts'
import { danglingReferences } from './check-references.ts'
import { type PlacedProblem, type PlacedResult, placedReader } from './read-placed.ts'

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
    cases: casesConfig,
    ...lifeConfig.shape,
  })
  .meta({ title: 'Tocsin', description: 'The configuration of Tocsin.' })

export type Configuration = z.output<typeof configuration>

export type { PlacedProblem }
export type ConfigurationResult = PlacedResult<Configuration>

const read = placedReader(configuration, danglingReferences)

/** Reads a configuration file: YAML, then secrets, then every section's schema, then what the sections say of each other. */
export function readConfiguration(
  text: string,
  sources: { env: Record<string, string | undefined>; folder: string },
): ConfigurationResult {
  return read(text, sources)
}

/** The JSON Schema of the file, for editors. */
export function configurationSchema(): unknown {
  return z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any', reused: 'inline' })
}

/** An empty file: everything has its default. */
export function emptyConfiguration(): Configuration {
  return configuration.parse({})
}
