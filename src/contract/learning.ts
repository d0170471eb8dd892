import { z } from 'zod'
import { incidentMetric, severity } from './incidents.ts'
import { byId, id, instant, page, pageQuery, route, slug } from './route.ts'

const room = 'learning'

/** What is searched, in the order in which things stand that say the same. */
export const SEARCHED = ['post-mortem', 'incident', 'case', 'action', 'update', 'entry'] as const
export type Searched = (typeof SEARCHED)[number]

/** What set it off. */
export const TRIGGERS = [
  { id: 'deploy', title: 'A deployment or release' },
  { id: 'configuration', title: 'A change of configuration' },
  { id: 'reboot', title: 'A restart, reboot or patch' },
  { id: 'maintenance', title: 'Planned work' },
  { id: 'load-test', title: 'A test' },
  { id: 'traffic', title: 'More load than usual' },
  { id: 'expiry', title: 'Something came to its end' },
  { id: 'exhaustion', title: 'Something ran full' },
  { id: 'hardware', title: 'Hardware, power or cooling' },
  { id: 'network', title: 'The network' },
  { id: 'vendor', title: 'A supplier or another team' },
  { id: 'defect', title: 'A defect met by chance' },
  { id: 'attack', title: 'An attack' },
] as const
export const TRIGGER_IDS = TRIGGERS.map((one) => one.id) as [Trigger, ...Trigger[]]
export type Trigger = (typeof TRIGGERS)[number]['id']

/** What made it likelier, worse or longer. */
export const FACTORS = [
  { id: 'unwatched', title: 'Nothing watched it' },
  { id: 'alert-unread', title: 'The alert reached nobody' },
  { id: 'watcher-blind', title: 'What watches was blind' },
  { id: 'alert-noise', title: 'Too many alerts' },
  { id: 'single-point', title: 'A single point of failure' },
  { id: 'hidden-dependency', title: 'A dependency that nobody knew' },
  { id: 'documentation', title: 'Documentation missing or wrong' },
  { id: 'one-head', title: 'Knowledge in one head' },
  { id: 'absence', title: 'Nobody there: night, weekend, holiday' },
  { id: 'untested', title: 'Not tested before' },
  { id: 'manual', title: 'Done by hand' },
  { id: 'rollback', title: 'No quick way back' },
  { id: 'workaround', title: 'A workaround hid it' },
  { id: 'red-herring', title: 'The wrong cause was followed' },
  { id: 'communication', title: 'People did not know of each other' },
  { id: 'access', title: 'Those who could help had no access' },
  { id: 'capacity', title: 'Too little room to spare' },
] as const
export const FACTOR_IDS = FACTORS.map((one) => one.id) as [Factor, ...Factor[]]
export type Factor = (typeof FACTORS)[number]['id']

/** Who noticed. */
export const DETECTED_BY = [
  { id: 'monitoring', title: 'Monitoring' },
  { id: 'staff', title: 'Staff' },
  { id: 'customer', title: 'Customers and users' },
  { id: 'partner', title: 'Partners and other teams' },
] as const
export const DETECTED_BY_IDS = DETECTED_BY.map((one) => one.id) as [DetectedBy, ...DetectedBy[]]
export type DetectedBy = (typeof DETECTED_BY)[number]['id']

const worded = z.object({ id: z.string(), title: z.string() })
export const readVocabulary = route({
  id: 'readVocabulary',
  method: 'GET',
  path: '/api/v1/learning/words',
  summary: 'Failure classes, triggers, contributing factors and ways of detection',
  room,
  access: 'viewer',
  answer: z.object({
    classes: z.array(worded),
    triggers: z.array(worded),
    factors: z.array(worded),
    detectedBy: z.array(worded),
  }),
})

/** What narrows a search or a view: each is left out where it does not matter. */
const narrowing = z.strictObject({
  service: slug.optional(),
  severity: severity.optional(),
  from: instant.optional(),
  to: instant.optional(),
})
const dotted = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z.-]*$/, 'is no failure class')

/** A piece of text; `hit` where the search found it. Nothing in it is markup. */
export const piece = z.object({ text: z.string(), hit: z.boolean() })
export type Piece = z.infer<typeof piece>
export const searchHit = z.object({
  kind: z.enum(SEARCHED),
  id,
  title: z.array(piece),
  /** The place of the text that says most. */
  snippet: z.array(piece),
  at: instant,
  /** The incident and the post-mortem that it belongs to. */
  incidentId: z.string().nullable(),
  postmortemId: z.string().nullable(),
  /** Title of what it belongs to. */
  of: z.string().nullable(),
  severity: severity.nullable(),
  serviceIds: z.array(z.string()),
})
export type SearchHit = z.infer<typeof searchHit>
export const search = route({
  id: 'search',
  method: 'GET',
  path: '/api/v1/search',
  summary: 'Everything written, by words, "phrases", -without and beginnings*',
  room,
  access: 'viewer',
  query: pageQuery.extend({
    /** Anything that is typed is a search. */
    q: z.string().max(1_000).default(''),
    kind: z.enum(SEARCHED).optional(),
    failureClass: dotted.optional(),
    trigger: z.enum(TRIGGER_IDS).optional(),
    detectedBy: z.enum(DETECTED_BY_IDS).optional(),
    ...narrowing.shape,
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  answer: page(searchHit).extend({
    total: z.number().int(),
    /** The words as they were understood. */
    understood: z.object({
      words: z.array(z.string()),
      phrases: z.array(z.string()),
      beginnings: z.array(z.string()),
      without: z.array(z.string()),
    }),
  }),
})
export type SearchAnswer = z.infer<(typeof search)['answer']>

/** Who says it: a person, or the rules that read the text, with the words that they went by. */
const mark = z.object({
  id: z.string(),
  title: z.string(),
  origin: z.enum(['person', 'text', 'incident']),
  because: z.string(),
})
export type Mark = z.infer<typeof mark>
export const record = z.object({
  id,
  title: z.string(),
  incidentId: z.string().nullable(),
  postmortemId: z.string().nullable(),
  at: instant,
  severity: severity.nullable(),
  classes: z.array(mark),
  triggers: z.array(mark),
  factors: z.array(mark),
  services: z.array(mark),
  detectedBy: mark.nullable(),
  /** When the first customer or user said so; null: not recorded. */
  reportedAt: instant.nullable(),
  metrics: z.array(incidentMetric),
})
export type LearningRecord = z.infer<typeof record>
export const readRecord = route({
  id: 'readRecord',
  method: 'GET',
  path: '/api/v1/learning/records/:id',
  summary: 'What there is to learn from an incident or a post-mortem',
  room,
  access: 'viewer',
  params: byId,
  answer: record,
})
export const judgeRecord = route({
  id: 'judgeRecord',
  method: 'PUT',
  path: '/api/v1/learning/records/:id',
  summary: 'Say what it was; what is left out is read from the text again',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({
    classes: z.array(dotted).max(8).optional(),
    trigger: z.enum(TRIGGER_IDS).nullable().optional(),
    factors: z.array(z.enum(FACTOR_IDS)).max(FACTORS.length).optional(),
    /** Of a post-mortem without an incident; an incident has its own. */
    services: z.array(slug).max(50).optional(),
    detectedBy: z.enum(DETECTED_BY_IDS).nullable().optional(),
    reportedAt: instant.nullable().optional(),
  }),
  answer: record,
})

export const similarRecord = z.object({
  id,
  title: z.string(),
  incidentId: z.string().nullable(),
  postmortemId: z.string().nullable(),
  at: instant,
  severity: severity.nullable(),
  /** 0 to 100, against a record that is like this one in everything. */
  likeness: z.number().int().min(0).max(100),
  /** In words, what weighs most first. */
  why: z
    .array(
      z.object({
        kind: z.enum(['class', 'trigger', 'factor', 'service', 'detection', 'words']),
        text: z.string(),
        weight: z.number(),
      }),
    )
    .min(1),
})
export type SimilarRecord = z.infer<typeof similarRecord>
export const readSimilar = route({
  id: 'readSimilar',
  method: 'GET',
  path: '/api/v1/learning/records/:id/similar',
  summary: 'The incidents and post-mortems that are most like this one, and why',
  room,
  access: 'viewer',
  params: byId,
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(20).default(5) }),
  answer: z.object({ items: z.array(similarRecord) }),
})

export const RECURRING = ['class', 'trigger', 'factor', 'service'] as const
const recurring = z.object({
  id: z.string(),
  title: z.string(),
  count: z.number().int(),
  /** One for each period. */
  counts: z.array(z.number().int()),
})
export type Recurring = z.infer<typeof recurring>
const named = z.object({
  id,
  title: z.string(),
  at: instant,
  incidentId: z.string().nullable(),
  postmortemId: z.string().nullable(),
})
export const comeBack = z.object({
  kind: z.enum(['class', 'trigger', 'factor']),
  id: z.string(),
  title: z.string(),
  action: z.object({
    id,
    title: z.string(),
    /** `proved`, `stale` or `claimed`; `said-done` where only the imported document says so. */
    closed: z.enum(['proved', 'stale', 'claimed', 'said-done']),
    at: instant,
  }),
  /** What the action was to prevent from coming back. */
  first: named,
  /** What came after it, the oldest first. */
  again: z.array(named.extend({ services: z.array(z.string()) })).min(1),
})
export type ComeBack = z.infer<typeof comeBack>
export const readRecurrence = route({
  id: 'readRecurrence',
  method: 'GET',
  path: '/api/v1/learning/recurrence',
  summary: 'Failure classes, triggers, factors and services over time, and what came back',
  room,
  access: 'viewer',
  query: narrowing.extend({ per: z.enum(['month', 'quarter', 'year']).default('quarter') }),
  answer: z.object({
    /** Incidents and post-mortems that are counted. */
    records: z.number().int(),
    periods: z.array(z.object({ name: z.string(), from: instant, records: z.number().int() })),
    classes: z.array(recurring),
    triggers: z.array(recurring),
    factors: z.array(recurring),
    services: z.array(recurring),
    /** Records of which no class, trigger or factor is known. */
    unknown: z.object({ classes: z.number().int(), triggers: z.number().int(), factors: z.number().int() }),
    cameBack: z.array(comeBack),
  }),
})
export type Recurrence = z.infer<(typeof readRecurrence)['answer']>

const quartiles = z.object({
  least: z.number(),
  lower: z.number(),
  median: z.number(),
  upper: z.number(),
  most: z.number(),
})
const distribution = z.object({
  /** With the formula: what is counted from what to what. */
  formula: z.string(),
  recorded: z.number().int(),
  notRecorded: z.number().int(),
  /** The times contradict each other. */
  invalid: z.number().int(),
  /** Null where nothing is recorded. */
  quartiles: quartiles.nullable(),
  /** Every one, the shortest first: milliseconds, and its place among the records. */
  points: z.array(z.tuple([z.number(), z.number().int()])),
})
export type Distribution = z.infer<typeof distribution>
export const readTimes = route({
  id: 'readTimes',
  method: 'GET',
  path: '/api/v1/learning/times',
  summary: 'How long it took to detect, acknowledge, mitigate and resolve, each one a point',
  room,
  access: 'viewer',
  query: narrowing,
  answer: z.object({
    records: z.array(named),
    metrics: z.array(distribution.extend({ name: z.enum(['TTD', 'TTA', 'TTM', 'TTR']) })),
    detection: z.object({
      by: z.array(
        z.object({
          id: z.enum(DETECTED_BY_IDS),
          title: z.string(),
          count: z.number().int(),
          ttd: distribution,
        }),
      ),
      notRecorded: z.number().int(),
      /** A user said so before anybody here noticed. */
      usersFirst: z.object({
        /** Of how many it is known who knew first. */
        known: z.number().int(),
        count: z.number().int(),
        /** How long they bore it before they said so. */
        bore: distribution,
        /** How long after their first word it was noticed here. */
        lead: distribution,
      }),
    }),
  }),
})
export type LearningTimes = z.infer<(typeof readTimes)['answer']>
