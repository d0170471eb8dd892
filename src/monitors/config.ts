import { Cron } from 'croner'
import { z } from 'zod'
import { name, slug } from '../contract/route.ts'
import { DAY, HOUR } from '../kit/duration.ts'
import { durationField, durationOr } from './kinds/fields.ts'
import { type MonitorKindName, monitorKinds } from './kinds/registry.ts'
import { poolsConfig } from './pools/config.ts'

const everyMonitor = {
  service: slug.meta({ title: 'Service', description: 'The service that it watches.' }),
  name: name.optional().meta({ title: 'Name', description: 'The key, where it is left out.' }),
  enabled: z.boolean().default(true).meta({ title: 'Enabled', description: 'Whether it is checked at all.' }),
}

const interval = (ms: number) => ms >= 1_000 && ms <= 30 * DAY

const checkedMonitor = {
  every: durationOr('60s', 'Every', 'The interval between two checks.').refine(
    interval,
    'between 1s and 30d is expected',
  ),
  confirm: z.int().min(1).max(20).default(2).meta({
    title: 'Confirm',
    description: 'How many checks in a row must be bad before the verdict turns.',
  }),
  recover: z.int().min(1).max(20).default(1).meta({
    title: 'Recover',
    description: 'How many checks in a row must be good before the verdict turns up.',
  }),
  retryEvery: durationField('Retry every', 'The interval while a change waits for its confirmation.')
    .refine((ms) => ms >= 1_000, 'at least 1s is expected')
    .optional(),
  places: z
    .array(slug)
    .min(1)
    .max(20)
    .refine((names) => new Set(names).size === names.length, 'names a place twice')
    .optional()
    .meta({
      title: 'Places',
      description: '"here" and the places where `tocsin probe` runs; from here only, when left out.',
    }),
  quorum: z.int().min(1).max(20).optional().meta({
    title: 'Quorum',
    description: 'How many of the places must see it bad; more than half of them, when left out.',
  }),
}

/** The whole entry of one kind: what all monitors have, and beside it the kind's own parameters. */
function entryOf(name: MonitorKindName) {
  const kind = monitorKinds[name]
  // Every kind's schema is a strict object; its inferred shape would be different for each.
  const own = kind.schema as unknown as z.ZodObject
  return own.safeExtend({ ...everyMonitor, ...('check' in kind && checkedMonitor), type: z.literal(name) })
}

const [first, ...others] = (Object.keys(monitorKinds) as MonitorKindName[]).map(entryOf)

/** One entry of `monitors`; `type` decides which parameters it has. */
export const monitorEntry = z.discriminatedUnion('type', [first!, ...others]).transform(toEntry)

/** A parsed entry: what all monitors have, apart from the parameters of the kind. */
export interface MonitorEntry {
  service: string
  name: string | null
  kind: MonitorKindName
  enabled: boolean
  every: number
  timeout: number
  confirm: number
  recover: number
  retryEvery: number
  places?: { names: string[]; quorum: number } | null
  spec: Record<string, unknown>
}

function toEntry(parsed: Record<string, unknown>): MonitorEntry {
  const { service, name, enabled, type, confirm, recover, retryEvery, places, quorum, ...rest } = parsed
  const kind = type as MonitorKindName
  const active = 'check' in monitorKinds[kind]
  const { every, ...withoutEvery } = rest
  // A heartbeat's interval is a parameter of its own; what is checked has its interval from outside.
  const interval = (every as number | undefined) ?? HOUR
  return {
    service: service as string,
    name: (name as string | undefined) ?? null,
    kind,
    enabled: enabled as boolean,
    every: interval,
    timeout: (rest.timeout as number | undefined) ?? 0,
    confirm: (confirm as number | undefined) ?? 1,
    recover: (recover as number | undefined) ?? 1,
    retryEvery: Math.min((retryEvery as number | undefined) ?? Math.min(interval, 20_000), interval),
    places: placesOf(places as string[] | undefined, quorum as number | undefined),
    spec: active ? withoutEvery : rest,
  }
}

function placesOf(names: string[] | undefined, quorum: number | undefined): MonitorEntry['places'] {
  if (!names) return null
  // More could never agree, and the monitor could never be bad.
  return { names, quorum: Math.min(quorum ?? Math.floor(names.length / 2) + 1, names.length) }
}

const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ title: 'Instant', description: 'RFC 3339, with its offset: 2026-03-01T22:00:00+01:00.' })

const lists = {
  name: name.optional().meta({ title: 'Name' }),
  monitors: z.array(slug).default([]).meta({ title: 'Monitors' }),
  services: z.array(slug).default([]).meta({ title: 'Services', description: 'All of their monitors.' }),
}

const once = z
  .strictObject({ ...lists, from: instant, to: instant })
  .refine((window) => window.to > window.from, { message: 'must be after "from"', path: ['to'] })

const recurring = z.strictObject({
  ...lists,
  cron: z
    .string()
    .refine(isCron, 'a cron expression such as "0 3 * * 1" is expected')
    .meta({ title: 'Begins' }),
  duration: durationField('Duration', 'How long each window lasts.').refine((ms) => ms > 0 && ms <= 7 * DAY),
  timezone: z
    .string()
    .default('UTC')
    .refine(isTimeZone, 'an IANA time zone is expected')
    .meta({ title: 'Time zone' }),
})

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true, timezone: 'UTC' }).nextRun() !== undefined
  } catch {
    return false
  }
}

function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }))
  } catch {
    return false
  }
}

/** One entry of `maintenance`: from and to, or cron and duration. */
export const maintenanceEntry = z.union([once, recurring])
export type MaintenanceEntry = z.output<typeof maintenanceEntry>

/** The sections `monitors` and `maintenance`. */
export const monitorsConfig = z.strictObject({
  monitors: z.record(slug, monitorEntry).default({}),
  maintenance: z.record(slug, maintenanceEntry).default({}),
  pools: poolsConfig
    .prefault({})
    .meta({ title: 'Pools', description: 'How load balancers ask about pools.' }),
})
export type MonitorsConfig = z.output<typeof monitorsConfig>

/** How long history is kept, by resolution. */
export const historyRetention = z.strictObject({
  raw: durationOr('7d', 'Observations', 'How long single observations are kept.'),
  minute: durationOr('7d', 'Minutes', 'How long minutes are kept.'),
  hour: durationOr('90d', 'Hours', 'How long hours are kept.'),
  day: durationOr('1830d', 'Days', 'How long days are kept.'),
  pings: durationOr('30d', 'Pings', 'How long the pings of heartbeats are kept.'),
})
export type HistoryRetention = z.output<typeof historyRetention>
