import { z } from 'zod'
import { name } from '../contract/route.ts'
import { HOUR, MINUTE, parseDuration } from '../kit/duration.ts'
import type { Problem } from '../kit/errors.ts'
import type { PolicySpec } from './policy.ts'
import type { ScheduleSpec } from './schedule.ts'

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, such as web-week')

function duration(least: number, most: number, example: string) {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== null && ms >= least && ms <= most) return ms
    context.addIssue({ code: 'custom', message: `must be a duration such as ${example}` })
    return z.NEVER
  })
}

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

function isLocalTime(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text)
    return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)
  } catch {
    return false
  }
}

/** One entry of `oncall`. */
export const scheduleConfig = z.strictObject({
  name: name.optional().meta({ title: 'Name', description: 'The key, where it is left out.' }),
  rotation: z.enum(['daily', 'weekly']).meta({ title: 'Rotation' }),
  from: z
    .string()
    .refine(isLocalTime, 'must be a local date and time without a zone, such as 2026-01-05T09:00')
    .meta({
      title: 'First hand-over',
      description: 'Its time of day (and weekday) is that of every hand-over.',
    }),
  timezone: z
    .string()
    .max(64)
    .refine(isTimezone, 'must be a time zone such as Europe/Paris')
    .meta({ title: 'Time zone' }),
  order: z.array(slug).min(1, 'must name at least one person').max(100).meta({ title: 'People, in turn' }),
})

const target = z.union([z.strictObject({ schedule: slug }), z.strictObject({ person: slug })], {
  error: 'must be {schedule: …} or {person: …}',
})

/** One entry of `policies`. */
export const policyConfig = z.strictObject({
  name: name.optional().meta({ title: 'Name', description: 'The key, where it is left out.' }),
  default: z.boolean().default(false).meta({ title: 'For services that name none' }),
  steps: z
    .array(
      z.strictObject({
        name: name.optional().meta({ title: 'Name' }),
        notify: z.array(target).min(1, 'must notify somebody').max(50).meta({ title: 'Notify' }),
        wait: duration(10_000, 24 * HOUR, '5m')
          .default(5 * MINUTE)
          .meta({ title: 'Wait before the next step' }),
      }),
    )
    .min(1, 'must have at least one step')
    .max(50)
    .meta({ title: 'Steps' }),
  repeat: z.number().int().min(0).max(100).default(0).meta({ title: 'Repeat all steps' }),
  lastResort: z
    .strictObject(
      {
        people: z.array(slug).min(1, 'must name at least one person').max(50).meta({ title: 'People' }),
        every: duration(MINUTE, 24 * HOUR, '15m')
          .default(15 * MINUTE)
          .meta({ title: 'Page again every' }),
      },
      { error: (issue) => (issue.input === undefined ? NO_LAST_RESORT : undefined) },
    )
    .meta({ title: 'Last resort', description: 'Paged again and again, once every step is spent.' }),
  ackTimeout: z
    .union([z.literal('never'), duration(MINUTE, 30 * 24 * HOUR, '4h')], {
      error: 'must be a duration such as 4h, or never',
    })
    .default(4 * HOUR)
    .meta({ title: 'Page anew when acknowledged but not resolved for' }),
})

const NO_LAST_RESORT =
  'is missing: every policy needs somebody who is paged when all steps fail; add lastResort: { people: [somebody] }'

/** The sections `oncall` (schedules) and `policies`. */
export const oncallConfig = z.strictObject({
  oncall: z.record(slug, scheduleConfig).default({}),
  policies: z.record(slug, policyConfig).default({}),
})

export type OncallConfig = z.infer<typeof oncallConfig>
export type ScheduleConfig = z.infer<typeof scheduleConfig>
export type PolicyConfig = z.infer<typeof policyConfig>

/** A schedule's section as the rules take it. */
export function scheduleSpec(config: ScheduleConfig): ScheduleSpec {
  const { rotation, from, timezone, order } = config
  return { rotation, from, timezone, order }
}

/** A policy's section as the rules take it. */
export function policySpec(config: PolicyConfig): PolicySpec {
  return {
    steps: config.steps.map((step, i) => ({
      name: step.name ?? `step ${i + 1}`,
      notify: step.notify,
      waitMs: step.wait,
    })),
    repeat: config.repeat,
    lastResort: { people: config.lastResort.people, everyMs: config.lastResort.every },
    ackTimeoutMs: config.ackTimeout === 'never' ? null : config.ackTimeout,
  }
}

/** What a section names and the rest of the configuration does not have. */
export function oncallProblems(config: OncallConfig, people: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = []
  const person = (id: string, path: string) => {
    if (!people.has(id))
      problems.push({
        path,
        message: `there is no person "${id}"`,
        remedy: 'add them under people, or correct the name',
      })
  }
  for (const [id, schedule] of Object.entries(config.oncall))
    for (const [i, who] of schedule.order.entries()) person(who, `oncall.${id}.order.${i}`)
  for (const [id, policy] of Object.entries(config.policies)) {
    for (const [s, step] of policy.steps.entries())
      for (const [t, to] of step.notify.entries()) {
        const path = `policies.${id}.steps.${s}.notify.${t}`
        if ('person' in to) person(to.person, `${path}.person`)
        else if (!Object.hasOwn(config.oncall, to.schedule))
          problems.push({
            path: `${path}.schedule`,
            message: `there is no schedule "${to.schedule}"`,
            remedy: 'add it under oncall, or correct the name',
          })
      }
    for (const [i, who] of policy.lastResort.people.entries())
      person(who, `policies.${id}.lastResort.people.${i}`)
  }
  const defaults = Object.entries(config.policies).filter(([, policy]) => policy.default)
  for (const [id] of defaults.slice(1))
    problems.push({
      path: `policies.${id}.default`,
      message: `"${defaults[0]![0]}" is the default already`,
      remedy: 'leave default: true with one policy',
    })
  return problems
}
