import { z } from 'zod'
import { DAY, HOUR } from '../../../kit/duration.ts'
import { selectorOf } from '../../series/selector.ts'
import { AGGREGATES } from '../../series/threshold.rules.ts'
import { certificateExpectationsSchema } from '../../trust/expectations.ts'
import { durationField, durationOr, familyField, hostPortField, timeoutField } from '../fields.ts'
import { compilePath } from '../json-assertions.ts'

export const SOURCES = ['prometheus', 'scrape', 'push', 'sql', 'json'] as const
export type Source = (typeof SOURCES)[number]

const verdictField = (usual: 'degraded' | 'down') =>
  z
    .enum(['degraded', 'down'])
    .default(usual)
    .meta({ title: 'Verdict', description: 'What the monitor turns when this rule is broken.' })

const finite = z.number().refine(Number.isFinite, 'a finite number is expected')

const threshold = (side: 'above' | 'below') =>
  z
    .strictObject({
      limit: finite.meta({ title: 'Limit', description: `Values ${side} it are bad.` }),
      for: durationOr('0s', 'For', 'How long the limit must be broken.'),
      aggregate: z.enum(AGGREGATES).default('every').meta({
        title: 'Aggregate',
        description: '"every" value of the stretch must break it; the others make one value of the stretch.',
      }),
      verdict: verdictField('down'),
    })
    .optional()
    .meta({
      title: side === 'above' ? 'Above' : 'Below',
      description: `Bad when the value is ${side} a limit for a while.`,
    })

const forecastRule = z
  .strictObject({
    limit: finite.meta({ title: 'Limit', description: 'What may not be reached: memory, table size, disk.' }),
    direction: z
      .enum(['above', 'below'])
      .default('above')
      .meta({ title: 'Direction', description: 'Whether the limit is above the value or below it.' }),
    within: durationOr('24h', 'Within', 'A limit that is reached within this time is told.'),
    window: durationOr('12h', 'Window', 'How far back the growth is looked at.'),
    resets: z
      .enum(['restarts', 'normal'])
      .default('restarts')
      .meta({
        title: 'Falls',
        description:
          '"restarts": a fall is a restart, and growth that restarts hide is told too. "normal": the value falls by ' +
          'itself, as a heap that is collected, and only its lows count.',
      }),
    verdict: verdictField('degraded'),
  })
  .optional()
  .meta({ title: 'Forecast', description: 'When a limit will be reached if the value goes on as it does.' })

const growthRule = z
  .strictObject({
    per: durationOr('1h', 'Per', 'The stretch over which growth is measured.').refine(
      (ms) => ms >= 10_000 && ms <= 7 * DAY,
      'between 10s and 7d is expected',
    ),
    atMost: finite.optional().meta({ title: 'At most', description: 'How much it may grow in one stretch.' }),
    factor: z.number().min(1).max(1_000).optional().meta({
      title: 'Factor',
      description: 'How many times its usual growth at this hour is too much; learned from the days before.',
    }),
    verdict: verdictField('degraded'),
  })
  .refine((rule) => rule.atMost !== undefined || rule.factor !== undefined, {
    message: 'atMost or factor is needed',
    path: ['atMost'],
  })
  .optional()
  .meta({ title: 'Growth', description: 'How fast it grows, against a limit and against its own past.' })

const shareRule = z
  .strictObject({
    label: z
      .string()
      .min(1)
      .max(200)
      .meta({ title: 'Label', description: 'Which label tells the parts apart: tenant, client, queue.' }),
    above: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .meta({ title: 'Above', description: 'The share of the sum that nobody may have: 0.5 is a half.' }),
    factor: z.number().min(1).max(1_000).default(3).meta({
      title: 'Factor',
      description: 'How many times the usual share of the same part is a spike.',
    }),
    atLeast: z.number().min(0).max(1).default(0.2).meta({
      title: 'At least',
      description: 'Smaller shares are never a spike.',
    }),
    window: durationOr('24h', 'Window', 'How far back the usual share is looked at.'),
    verdict: verdictField('degraded'),
  })
  .optional()
  .meta({ title: 'Share', description: 'One part’s share of the whole, and its spike against its own past.' })

const backlogRule = z
  .strictObject({
    retention: durationField('Retention', 'What waits longer than this is thrown away.'),
    warn: durationOr('6h', 'Warn', 'How long before data are lost somebody must know.'),
    unit: z.enum(['seconds', 'milliseconds', 'unix-seconds']).default('seconds').meta({
      title: 'Unit',
      description: 'The age of the oldest that waits in seconds or milliseconds, or its time.',
    }),
  })
  .optional()
  .meta({ title: 'Backlog', description: 'The age of the oldest that waits, against the time it is kept.' })

const vanishedRule = z
  .strictObject({
    after: durationOr('10m', 'After', 'How long a series may be missing.'),
    forget: durationOr('24h', 'Forget', 'A series that is gone for longer was removed on purpose.'),
    verdict: verdictField('degraded'),
  })
  .optional()
  .meta({ title: 'Vanished', description: 'A series that was there and is not any more.' })

const address = z
  .string()
  .refine(isPlainAddress, 'an http:// or https:// address without credentials is expected')
  .optional()
  .meta({
    title: 'Address',
    description: 'Of Prometheus, of the exposition endpoint, or of the JSON document.',
  })

function isPath(text: string): boolean {
  try {
    return Boolean(compilePath(text))
  } catch {
    return false
  }
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password
}

const database = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text)) return false
    const { protocol, password, hostname } = new URL(text)
    return /^(postgres(ql)?|mysql|mariadb):$/.test(protocol) && !password && hostname !== ''
  }, 'postgres://user@host:5432/name or mariadb://user@host:3306/name is expected, with the password beside it')
  .optional()
  .meta({ title: 'Database', description: 'postgres://user@host/name, or mariadb://user@host/name.' })

/** The parameters of a metric. */
export const metricSchema = z
  .strictObject({
    from: z.enum(SOURCES).meta({
      title: 'From',
      description:
        'Where values come from: a query to Prometheus, an exposition endpoint that is scraped, remote write that ' +
        'is pushed to Tocsin, an SQL query, or a JSON document.',
    }),
    url: address,
    query: z.string().min(1).max(10_000).optional().meta({
      title: 'Query',
      description: 'PromQL, or one SELECT: its last column is the value, others are labels.',
    }),
    metric: z
      .string()
      .max(2_000)
      .refine((text) => selectorOf(text) !== null, 'a selector such as name{label="value"} is expected')
      .optional()
      .meta({ title: 'Metric', description: 'Which series of a scrape or a push: name{label="value"}.' }),
    path: z
      .string()
      .min(1)
      .max(2_000)
      .refine(isPath, 'this is no JSONPath of RFC 9535')
      .optional()
      .meta({ title: 'Path', description: 'JSONPath to the value or values: $.queue.depth.' }),
    value: z.string().min(1).max(200).optional().meta({
      title: 'Value',
      description: 'Where the path leads to objects: the member that is the value; the others are labels.',
    }),
    database,
    password: z.string().max(1_000).optional().meta({ title: 'Password', description: 'Of the database.' }),
    tls: z
      .boolean()
      .default(false)
      .meta({ title: 'TLS', description: 'Whether the database is asked over TLS.' }),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string().regex(/^[^\r\n\0]*$/))
      .default({})
      .meta({ title: 'Headers', description: 'Request headers.' }),
    counter: z.boolean().default(false).meta({
      title: 'Counter',
      description: 'The value only counts up: its rate per second is judged, whatever restarts.',
    }),
    unit: z
      .enum(['none', 'bytes', 'seconds', 'percent'])
      .default('none')
      .meta({ title: 'Unit', description: 'How values are written in sentences.' }),
    stale: durationOr('5m', 'Stale', 'A newest value that is older is no value.'),
    absent: z.enum(['down', 'degraded', 'up']).default('down').meta({
      title: 'Absent',
      description:
        'What it means that there is no value at all. "up" is for queries that find what is wrong.',
    }),
    above: threshold('above'),
    below: threshold('below'),
    forecast: forecastRule,
    growth: growthRule,
    share: shareRule,
    backlog: backlogRule,
    vanished: vanishedRule,
    expect: certificateExpectationsSchema
      .prefault({})
      .meta({ title: 'Expect', description: 'What the certificate must be, where it is asked over TLS.' }),
    connectTo: hostPortField(
      'Connect to',
      'host:port to connect to in place of that of the address, whose name is still asked for.',
    ).optional(),
    timeout: timeoutField,
    family: familyField,
  })
  .superRefine((spec, context) => {
    const needed: Record<Source, readonly ('url' | 'query' | 'metric' | 'path' | 'database')[]> = {
      prometheus: ['url', 'query'],
      scrape: ['url', 'metric'],
      push: ['metric'],
      sql: ['database', 'query'],
      json: ['url', 'path'],
    }
    for (const field of needed[spec.from] ?? [])
      if (spec[field] === undefined)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: `is needed where values come from ${spec.from}`,
        })
  })
export type MetricSpec = z.output<typeof metricSchema>

/** How far back the rules look, and which newest part of it they look at closely. */
export function windowsOf(spec: MetricSpec): { windowMs: number; recentMs: number } {
  const recent = Math.max(spec.above?.for ?? 0, spec.below?.for ?? 0, spec.backlog ? HOUR : 0)
  const growth = spec.growth
    ? (spec.growth.factor ? 8 * Math.max(DAY, spec.growth.per) : 0) + 2 * spec.growth.per
    : 0
  const windows = [spec.forecast?.window ?? 0, growth, recent * 1.25, spec.counter ? 10 * 60_000 : 0]
  return { windowMs: Math.max(...windows), recentMs: Math.max(recent * 1.25, spec.counter ? 10 * 60_000 : 0) }
}

/** How far back pushed values are kept: as far as a rule looks, and long enough to tell old from never there. */
export function pushedWindow(spec: MetricSpec): number {
  return Math.max(windowsOf(spec).windowMs, spec.share?.window ?? 0, 4 * spec.stale)
}
