import { z } from 'zod'
import { id, name, slug } from '../contract/route.ts'
import { DAY, MINUTE } from '../kit/duration.ts'
import { type Problem, TocsinError } from '../kit/errors.ts'
import { durationBetween } from './drills/fields.ts'
import type { DrillKind } from './drills/kind.ts'
import { drillKinds } from './drills/registry.ts'

// What every kind of drill shares.
const common = {
  name: name.optional().meta({ title: 'Name', description: 'What people call it; the id when left out.' }),
  monitor: slug.meta({ title: 'Monitor', description: 'The id of the monitor under drill.' }),
  every: durationBetween(MINUTE, 366 * DAY)
    .optional()
    .meta({ title: 'Every', description: 'How often it repeats; only when asked for, when left out.' }),
  action: id.optional().meta({
    title: 'Action',
    description: 'The action of a post-mortem that this drill proves.',
  }),
}

function sharedBy({ needsMonitor }: DrillKind) {
  const { monitor, ...rest } = common
  return needsMonitor === false ? rest : { ...rest, monitor }
}

const shapes = (Object.values(drillKinds) as unknown as DrillKind[]).map((kind) =>
  z
    .strictObject({ kind: z.literal(kind.kind), ...sharedBy(kind), ...kind.schema.shape })
    .meta({ title: kind.title, description: kind.description }),
)

/** One drill as it is written in the configuration, and as it is stored. */
export interface DrillConfig {
  kind: string
  name?: string
  /** Left out where no monitor is under drill. */
  monitor?: string
  every?: string
  action?: string
  /** The settings of its kind. */
  [setting: string]: unknown
}

/** One entry of `drills`. */
export const drillConfig = z.discriminatedUnion('kind', shapes as never) as unknown as z.ZodType<DrillConfig>

/** Every kind with all that one may write for it: its own settings and those that all drills share. */
export function drillKindsWithSettings(): {
  kind: string
  title: string
  description: string
  reasons: readonly string[]
  settings: z.ZodType
}[] {
  return Object.values(drillKinds).map(({ kind, title, description, reasons }, place) => ({
    kind,
    title,
    description,
    reasons,
    settings: shapes[place]!,
  }))
}

/** The section `drills`. */
export const proofsConfig = z.strictObject({ drills: z.record(slug, drillConfig).default({}) })
export type ProofsConfig = z.output<typeof proofsConfig>

/** Reads the settings of one drill; throws `invalid-input` with the place of every problem. */
export function parseDrill(input: unknown): DrillConfig {
  const result = drillConfig.safeParse(input)
  if (result.success) return result.data
  const problems: Problem[] = result.error.issues.map((issue) => ({
    path: ['settings', ...issue.path.map(String)].join('.'),
    message: issue.message,
  }))
  const detail = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ')
  throw new TocsinError('invalid-input', `The settings of the drill are not valid: ${detail}`, problems)
}

/** The settings of the kind alone, with its defaults. */
export function ownSettings(kind: DrillKind, config: DrillConfig): unknown {
  const shared = new Set(['kind', ...Object.keys(common)])
  return kind.schema.parse(Object.fromEntries(Object.entries(config).filter(([key]) => !shared.has(key))))
}

/** What the section names that does not exist: monitors, and people who are to be paged. */
export function danglingDrills(
  drills: ProofsConfig['drills'],
  known: { monitors: ReadonlySet<string>; people: ReadonlySet<string> },
): Problem[] {
  return Object.entries(drills).flatMap(([drillId, drill]) => {
    const problems: Problem[] = []
    if (drill.monitor !== undefined && !known.monitors.has(drill.monitor))
      problems.push({
        path: `drills.${drillId}.monitor`,
        message: `there is no monitor "${drill.monitor}"`,
        remedy: 'Name a key of `monitors`.',
      })
    const paged = (drill.expect as { paged?: string } | undefined)?.paged
    if (paged !== undefined && paged !== 'anyone' && !known.people.has(paged))
      problems.push({
        path: `drills.${drillId}.expect.paged`,
        message: `there is no person "${paged}"`,
        remedy: 'Name a key of `people`, or write `anyone`.',
      })
    const played = Object.keys((drill.signals as object | undefined) ?? {})
    for (const monitor of played.filter((one) => !known.monitors.has(one)))
      problems.push({
        path: `drills.${drillId}.signals.${monitor}`,
        message: `there is no monitor "${monitor}"`,
        remedy: 'Name a key of `monitors`.',
      })
    const expected = Array.isArray(drill.expect) ? (drill.expect as { page?: string }[]) : []
    for (const [place, { page }] of expected.entries())
      if (page !== undefined && page !== 'anyone' && !known.people.has(page))
        problems.push({
          path: `drills.${drillId}.expect.${place}.page`,
          message: `there is no person "${page}"`,
          remedy: 'Name a key of `people`, or write `anyone`.',
        })
    return problems
  })
}
