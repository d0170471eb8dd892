import { z } from 'zod'
import { TRAIT_NAMES } from '../../catalog/index.ts'
import { instant, name, slug } from '../../contract/route.ts'
import { DAY, MINUTE } from '../../kit/duration.ts'
import { durationBetween, faultName } from '../drills/fields.ts'
import { FAILURE_CLASS_IDS } from '../failure-class.ts'

/** Who knew first. */
export const NOTICED_BY = ['users', 'customers', 'another team', 'staff by chance', 'monitoring'] as const

const sentence = z.string().trim().min(1).max(1_000)
const key = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,30}$/, 'letters and digits are expected, such as backupHost')

const value = z.strictObject({
  title: name.meta({ title: 'Title', description: 'What is asked for.' }),
  example: z.string().max(2_000).meta({ title: 'Example', description: 'One that would be right.' }),
  kind: z.enum(['text', 'number', 'list', 'secret']).default('text').meta({
    title: 'Kind',
    description: '`list`: separated by commas; an item that is nothing but this place becomes as many.',
  }),
  optional: z.boolean().default(false).meta({
    title: 'Optional',
    description: 'Settings that speak of it are left out where it is not given.',
  }),
  guess: z.enum(['host', 'target', 'url', 'issuer', 'issuer-address']).optional().meta({
    title: 'Guess',
    description: 'What of the monitors that the service has is proposed for it.',
  }),
})
export type CaseValue = z.output<typeof value>

const settings = z
  .record(z.string(), z.json())
  .refine((given) => typeof given.type === 'string', 'type is needed, as of every monitor')

const monitor = z.strictObject({
  because: sentence.meta({ title: 'Because', description: 'What it sees of this incident.' }),
  sees: z.array(faultName).min(1).max(20).meta({ title: 'Sees', description: 'Faults that it must notice.' }),
  needs: z.array(key).max(20).default([]).meta({
    title: 'Needs',
    description: 'It is left out where one of these values is not given.',
  }),
  settings: settings.meta({
    title: 'Settings',
    description: 'Those of the monitor, without its service; {host} stands for a value.',
  }),
})
export type CaseMonitor = z.output<typeof monitor>

const past = z
  .strictObject({
    began: instant.meta({ title: 'Began', description: 'When it began to hurt, or could first be seen.' }),
    noticed: instant.meta({ title: 'Noticed', description: 'When anybody noticed.' }),
    reached: instant.optional().meta({
      title: 'Reached',
      description: 'When somebody knew who could do something; when it was noticed, when left out.',
    }),
    mended: instant.meta({ title: 'Mended', description: 'When it was over.' }),
    by: z.enum(NOTICED_BY).meta({ title: 'By', description: 'Who noticed.' }),
    how: sentence.meta({ title: 'How', description: 'How it came to light.' }),
    had: z
      .record(slug, z.strictObject({ because: sentence, settings }))
      .default({})
      .meta({ title: 'Had', description: 'The monitors that there were, which saw nothing.' }),
  })
  .meta({ title: 'Past', description: 'As it was.' })

/** One entry of `cases`: an incident as something that could happen elsewhere. */
export const caseConfig = z.strictObject({
  title: name.meta({ title: 'Title', description: 'What people call it.' }),
  where: name.optional().meta({ title: 'Where', description: 'Whose incident it was, and when.' }),
  what: z.string().trim().min(1).max(4_000).meta({
    title: 'What happened',
    description: 'In two to four sentences, with figures.',
  }),
  classes: z.array(z.enum(FAILURE_CLASS_IDS)).min(1).max(8).meta({
    title: 'Failure classes',
    description: 'The first is the main one.',
  }),
  strikes: z.array(z.enum(TRAIT_NAMES)).max(TRAIT_NAMES.length).default([]).meta({
    title: 'Strikes',
    description: 'Services that have one of these.',
  }),
  services: z.array(slug).max(200).default([]).meta({
    title: 'Services',
    description: 'Those that it has struck already.',
  }),
  lesson: sentence.meta({ title: 'Lesson', description: 'What is to be learned, in one sentence.' }),
  values: z.record(key, value).default({}).meta({
    title: 'Values',
    description: 'What has to be known of a service; written in braces in the settings.',
  }),
  monitors: z
    .record(slug, monitor)
    .meta({ title: 'Monitors', description: 'Those that would have seen it.' }),
  drill: z
    .strictObject({
      within: durationBetween(MINUTE, DAY).default('15m').meta({
        title: 'Within',
        description: 'How soon somebody must be paged.',
      }),
      every: durationBetween(MINUTE, 366 * DAY)
        .default('7d')
        .meta({ title: 'Every' }),
    })
    .prefault({})
    .meta({ title: 'Drill' }),
  past: past.optional(),
})
export type CaseConfig = z.output<typeof caseConfig>
/** As it is written, before its defaults. */
export type CaseInput = z.input<typeof caseConfig>

/** A case as it stands: shipped with Tocsin, in the configuration, or written by people. */
export interface IncidentCase extends CaseConfig {
  id: string
  origin: 'shipped' | 'file' | 'people'
  /** The post-mortem that it was made of. */
  postmortemId: string | null
}
