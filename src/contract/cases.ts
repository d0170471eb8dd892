import { z } from 'zod'
import { byId, id, instant, page, pageQuery, route, slug, text } from './route.ts'

const room = 'proofs'

export const failureClass = z.object({
  id: z.string(),
  title: z.string(),
  short: z.string(),
  group: z.string(),
  about: z.string(),
})
export type FailureClass = z.infer<typeof failureClass>

const settings = z.record(z.string(), z.unknown())

export const incidentCase = z.object({
  id,
  title: z.string(),
  where: z.string().nullable(),
  what: z.string(),
  lesson: z.string(),
  origin: z.enum(['shipped', 'file', 'people']),
  postmortemId: z.string().nullable(),
  classes: z.array(z.object({ id: z.string(), title: z.string() })),
  /** What a service must have to be struck, in words. */
  strikes: z.array(z.object({ trait: z.string(), title: z.string() })),
  /** Services that it has struck. */
  services: z.array(z.string()),
  /** Services that it could strike, as far as is known of them; and which of them have its drill. */
  exposed: z.array(z.object({ serviceId: z.string(), because: z.string(), drillId: z.string().nullable() })),
  values: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      example: z.string(),
      kind: z.enum(['text', 'number', 'list', 'secret']),
      optional: z.boolean(),
    }),
  ),
  monitors: z.array(
    z.object({
      key: z.string(),
      kind: z.string(),
      because: z.string(),
      sees: z.array(z.object({ fault: z.string(), title: z.string() })),
      /** Values without which it is left out. */
      needs: z.array(z.string()),
      settings,
    }),
  ),
  drill: z.object({ within: z.string(), every: z.string() }),
  past: z
    .object({
      began: instant,
      noticed: instant,
      reached: instant,
      mended: instant,
      by: z.string(),
      how: z.string(),
      had: z.array(z.object({ key: z.string(), because: z.string(), settings })),
    })
    .nullable(),
})
export type IncidentCase = z.infer<typeof incidentCase>

export const listCases = route({
  id: 'listCases',
  method: 'GET',
  path: '/api/v1/cases',
  summary: 'Incidents that could happen to others too, and which services they could strike',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(incidentCase),
})
export const readCase = route({
  id: 'readCase',
  method: 'GET',
  path: '/api/v1/cases/:id',
  summary: 'One case',
  room,
  access: 'viewer',
  params: byId,
  answer: incidentCase,
})

export const removeCase = route({
  id: 'removeCase',
  method: 'DELETE',
  path: '/api/v1/cases/:id',
  summary: 'Remove a case that a person wrote and no drill plays',
  room,
  access: 'editor',
  params: byId,
  status: 204,
})
export const casePlan = z.object({
  serviceId: id,
  serviceName: z.string(),
  /** What was given, and what was guessed from the monitors that there are; secrets are hidden. */
  values: z.record(z.string(), z.string()),
  monitors: z.array(
    z.object({
      key: z.string(),
      id: z.string(),
      state: z.enum(['create', 'present', 'left-out', 'needs-values']),
      because: z.string(),
      sees: z.array(z.string()),
      settings,
      missing: z.array(z.string()),
    }),
  ),
  drill: z.object({ id: z.string(), state: z.enum(['create', 'present']), settings }).nullable(),
  /** Whether it can be carried out as it stands. */
  ready: z.boolean(),
})
export type CasePlan = z.infer<typeof casePlan>
export const adoptCase = route({
  id: 'adoptCase',
  method: 'POST',
  path: '/api/v1/cases/:id/adopt',
  summary: 'Create the monitors and drills that a case takes; with dryRun only say which',
  room,
  access: 'editor',
  params: byId,
  body: z.strictObject({
    serviceIds: z.array(slug).min(1).max(20),
    values: z.record(slug, z.record(z.string().max(40), z.string().max(2_000))).default({}),
    dryRun: z.boolean().default(false),
  }),
  answer: z.object({ created: z.boolean(), plans: z.array(casePlan) }),
})

export const caseDraft = z.object({
  id: z.string(),
  /** In the shape of an entry of `cases` in the configuration. */
  definition: z.record(z.string(), z.unknown()),
  /** What the draft could not find out, in words. */
  open: z.array(z.string()),
  stored: z.boolean(),
})
export type CaseDraft = z.infer<typeof caseDraft>
export const writeCase = route({
  id: 'writeCase',
  method: 'POST',
  path: '/api/v1/postmortems/:id/case',
  summary: 'Make a case of a post-mortem: a draft without a definition, stored with one',
  room,
  access: 'editor',
  params: byId,
  body: z.strictObject({
    id: slug.optional(),
    definition: z.record(z.string(), z.unknown()).optional(),
  }),
  answer: caseDraft,
})

export const CELL_STATES = ['unseen', 'unproven', 'proved', 'not-applicable', 'not-exposed'] as const
export type CellState = (typeof CELL_STATES)[number]

export const blindSpotCell = z.object({
  failureClass: z.string(),
  state: z.enum(CELL_STATES),
  /** Why it stands so, in one sentence. */
  reason: z.string(),
  /** When its proof was last renewed. */
  provedAt: instant.nullable(),
})
export type BlindSpotCell = z.infer<typeof blindSpotCell>
export const blindSpotService = z.object({
  id,
  name: z.string(),
  owner: z.string().nullable(),
  audience: z.enum(['public', 'internal']),
  /** One for each class, in their order. */
  cells: z.array(blindSpotCell),
})
export type BlindSpotService = z.infer<typeof blindSpotService>
export const readBlindSpots = route({
  id: 'readBlindSpots',
  method: 'GET',
  path: '/api/v1/blind-spots',
  summary: 'Which failure classes could strike which services unseen',
  room,
  access: 'viewer',
  query: z.strictObject({ service: slug.optional() }),
  answer: z.object({
    classes: z.array(failureClass),
    services: z.array(blindSpotService),
    counts: z.object(
      Object.fromEntries(CELL_STATES.map((state) => [state, z.number().int()])) as Record<
        CellState,
        z.ZodNumber
      >,
    ),
  }),
})
export type BlindSpots = z.infer<(typeof readBlindSpots)['answer']>

/** Something that would mend a blind spot. */
export const mend = z.object({
  kind: z.enum([
    'adopt-case',
    'add-monitor',
    'change-monitor',
    'create-drill',
    'run-drill',
    'add-person',
    'add-policy',
    'add-place',
    'declare',
  ]),
  title: z.string(),
  /** Why, and what exactly. */
  detail: z.string(),
  caseId: z.string().nullable(),
  monitorId: z.string().nullable(),
  drillId: z.string().nullable(),
  /** Settings to begin with, of a monitor or of a drill. */
  settings: settings.nullable(),
})
export type Mend = z.infer<typeof mend>
export const blindSpotDetail = blindSpotCell.extend({
  service: z.object({ id, name: z.string() }),
  about: failureClass,
  /** Why the service is exposed to it, one sentence each. */
  exposure: z.array(z.string()),
  /** Each fault of the class that concerns a monitor of the service, and how it stands. */
  faults: z.array(
    z.object({
      fault: z.string(),
      title: z.string(),
      monitorId: z.string(),
      result: z.enum(['caught', 'missed', 'unclear', 'never']),
      at: instant.nullable(),
    }),
  ),
  mends: z.array(mend),
  /** Who said that it cannot happen here, or took it back; the newest first. */
  judgements: z.array(z.object({ applies: z.boolean(), reason: z.string(), by: z.string(), at: instant })),
})
export type BlindSpotDetail = z.infer<typeof blindSpotDetail>
const cell = z.strictObject({ service: slug, failureClass: z.string().max(60) })
export const readBlindSpot = route({
  id: 'readBlindSpot',
  method: 'GET',
  path: '/api/v1/blind-spots/:service/:failureClass',
  summary: 'One cell of the map, and what would mend it',
  room,
  access: 'viewer',
  params: cell,
  answer: blindSpotDetail,
})
export const judgeBlindSpot = route({
  id: 'judgeBlindSpot',
  method: 'POST',
  path: '/api/v1/blind-spots/not-applicable',
  summary: 'Say that a failure class cannot strike a service, and why; or take it back',
  room,
  access: 'responder',
  body: z.strictObject({
    serviceId: slug,
    failureClass: z.string().max(60),
    /** False: it cannot happen here. True: it can after all. */
    applies: z.boolean().default(false),
    reason: text.min(3),
  }),
  answer: blindSpotDetail,
})
