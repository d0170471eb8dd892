import { z } from 'zod'
import { byId, id, instant, name, page, pageQuery, route, text } from './route.ts'

const room = 'postmortems'
export const postmortemState = z.enum(['draft', 'in review', 'reviewed', 'closed'])
export const postmortem = z.object({
  id,
  incidentId: z.string().nullable(),
  title: z.string(),
  state: postmortemState,
  reason: z.string(),
  since: instant,
  /** For optimistic locking: send it back with an edit. */
  version: z.number().int(),
  dueAt: instant.nullable(),
  actionIds: z.array(z.string()),
})
export type Postmortem = z.infer<typeof postmortem>
export const postmortemDetail = postmortem.extend({ body: z.string() })
export type PostmortemDetail = z.infer<typeof postmortemDetail>
export const listPostmortems = route({
  id: 'listPostmortems',
  method: 'GET',
  path: '/api/v1/postmortems',
  summary: 'Post-mortems, the newest first',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(postmortem),
})
export const readPostmortem = route({
  id: 'readPostmortem',
  method: 'GET',
  path: '/api/v1/postmortems/:id',
  summary: 'One post-mortem',
  room,
  access: 'viewer',
  params: byId,
  answer: postmortemDetail,
})
export const draftPostmortem = route({
  id: 'draftPostmortem',
  method: 'POST',
  path: '/api/v1/incidents/:id/postmortem',
  summary: 'Draft the post-mortem from the timeline',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  answer: postmortemDetail,
})
export const editPostmortem = route({
  id: 'editPostmortem',
  method: 'PUT',
  path: '/api/v1/postmortems/:id',
  summary: 'Save title and text',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ version: z.number().int(), title: name, body: z.string().max(200_000) }),
  answer: postmortemDetail,
})
export const changePostmortemState = route({
  id: 'changePostmortemState',
  method: 'POST',
  path: '/api/v1/postmortems/:id/state',
  summary: 'Send to review, back, or close',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ to: postmortemState }),
  answer: postmortemDetail,
})
/** Answers text/markdown. */
export const exportPostmortem = route({
  id: 'exportPostmortem',
  method: 'GET',
  path: '/api/v1/postmortems/:id/markdown',
  summary: 'The post-mortem as Markdown with front matter',
  room,
  access: 'viewer',
  params: byId,
})

/** A piece of the source text, end exclusive, in UTF-16 units. */
export const sourceSpan = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) })
const found = <V extends z.ZodType>(value: V) =>
  z.object({ value, span: sourceSpan, confidence: z.number().min(0).max(1) })
const foundText = found(z.string())
export const importedEntry = z.object({
  /** To the minute, or a day; null where the document gives no time. */
  at: foundText.nullable(),
  end: foundText.nullable(),
  approx: z.boolean(),
  /** Where its date stands, when the entry itself has none. */
  dateFrom: sourceSpan.nullable(),
  text: foundText,
  moment: found(
    z.enum(['started', 'detected', 'acknowledged', 'communicated', 'mitigated', 'resolved']),
  ).nullable(),
})
export const importedAction = z.object({
  text: foundText,
  status: found(z.enum(['done', 'in_progress', 'open'])).nullable(),
  owner: foundText.nullable(),
  due: foundText.nullable(),
  tickets: z.array(foundText),
})
/** One incident of a document, every value with its place in the source and how sure the importer is. */
export const importedIncident = z.object({
  title: foundText.nullable(),
  sections: z.object({
    summary: foundText.optional(),
    impact: foundText.optional(),
    trigger: foundText.optional(),
    rootCause: foundText.optional(),
    contributing: foundText.optional(),
    detection: foundText.optional(),
    resolution: foundText.optional(),
    lessons: foundText.optional(),
  }),
  timeline: z.array(importedEntry),
  wentWell: z.array(foundText),
  wentWrong: z.array(foundText),
  lucky: z.array(foundText),
  actions: z.array(importedAction),
  references: z.array(foundText),
  severity: foundText.nullable(),
  span: sourceSpan,
})
export type ImportedIncident = z.infer<typeof importedIncident>
/** What is missing or odd; `span` is null for what is missing, `incident` for what concerns the whole document. */
export const importFinding = z.object({
  code: z.string(),
  message: z.string(),
  span: sourceSpan.nullable(),
  incident: z.number().int().nullable(),
})
export type ImportFinding = z.infer<typeof importFinding>
export const imported = z.object({
  /** `known`: this text was imported before; `read`: only looked at. */
  outcome: z.enum(['imported', 'known', 'nothing-found', 'read']),
  name: z.string(),
  format: z.string(),
  hash: z.string(),
  /** A document of this name with another text was imported before. */
  earlier: z.boolean(),
  postmortemIds: z.array(z.string()),
  /** The text in which the places count. */
  source: z.string(),
  incidents: z.array(importedIncident),
  findings: z.array(importFinding),
})
export type ImportedDocument = z.infer<typeof imported>
/** What a part of an imported source may be said to be. */
export const CORRECTED_TOPICS = [
  'summary',
  'impact',
  'trigger',
  'rootCause',
  'contributing',
  'detection',
  'resolution',
  'lessons',
  'timeline',
  'wentWell',
  'wentWrong',
  'lucky',
  'actions',
  'nothing',
] as const
export type CorrectedTopic = (typeof CORRECTED_TOPICS)[number]

export const importPostmortem = route({
  id: 'importPostmortem',
  method: 'POST',
  path: '/api/v1/postmortems/import',
  summary: 'Import a post-mortem as it exists, or only look at what would be read',
  room,
  access: 'responder',
  largest: 12_000_000,
  body: z.strictObject({
    /** Of the file; its end tells the format, and it may hold the date. */
    name: z.string().trim().min(1).max(500),
    content: z.string().min(1).max(11_000_000),
    /** `base64` for what is not text, a PDF for instance. */
    encoding: z.enum(['text', 'base64']).default('text'),
    mediaType: z.string().max(200).optional(),
    format: z.string().max(40).optional(),
    /** What a reviewer says that parts of the source are; counted in the `source` of a dry run. */
    corrections: z
      .array(
        z.strictObject({
          from: z.number().int().min(0),
          to: z.number().int().min(0),
          as: z.enum(CORRECTED_TOPICS),
        }),
      )
      .max(500)
      .optional(),
    /** Read it and store nothing. */
    dryRun: z.boolean().default(false),
  }),
  answer: imported,
})
export const readPostmortemSource = route({
  id: 'readPostmortemSource',
  method: 'GET',
  path: '/api/v1/postmortems/:id/source',
  summary: 'The document that a post-mortem was imported from, with what was read and where',
  room,
  access: 'viewer',
  params: byId,
  answer: z.object({
    name: z.string(),
    format: z.string(),
    hash: z.string(),
    importedAt: instant,
    importedBy: z.string(),
    /** Counted from 0 within the document. */
    incident: z.number().int(),
    text: z.string(),
    reading: importedIncident,
    findings: z.array(importFinding),
  }),
})

export const actionType = z.enum(['detect', 'mitigate', 'prevent', 'repair', 'process'])
export const actionState = z.enum(['open', 'claimed', 'proved', 'refuted', 'stale', 'dropped'])
export const action = z.object({
  id,
  postmortemId: id,
  title: z.string(),
  type: actionType,
  owner: z.string().nullable(),
  dueAt: instant.nullable(),
  /** The acceptance criterion, written before the work. */
  criterion: z.string(),
  drillId: z.string().nullable(),
  state: actionState,
  reason: z.string(),
  since: instant,
  claimedBy: z.string().nullable(),
  provedByRunId: z.string().nullable(),
  /** What the state rests on while it is proved or stale; the word of a witness is weaker than a drill. */
  provedBy: z
    .object({
      kind: z.enum(['drill', 'witness', 'junit-report', 'chaos-journal']),
      until: instant.nullable(),
    })
    .nullable(),
})
export type Action = z.infer<typeof action>
export const listActions = route({
  id: 'listActions',
  method: 'GET',
  path: '/api/v1/actions',
  summary: 'Actions and whether they are proved',
  room,
  access: 'viewer',
  query: pageQuery.extend({ postmortemId: id.optional() }),
  answer: page(action),
})
export const readAction = route({
  id: 'readAction',
  method: 'GET',
  path: '/api/v1/actions/:id',
  summary: 'One action',
  room,
  access: 'viewer',
  params: byId,
  answer: action,
})
export const addAction = route({
  id: 'addAction',
  method: 'POST',
  path: '/api/v1/postmortems/:id/actions',
  summary: 'Add an action with its acceptance criterion',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({
    title: name,
    type: actionType,
    owner: id.nullable().default(null),
    dueAt: instant.nullable().default(null),
    criterion: text.min(1),
    drillId: id.nullable().default(null),
  }),
  answer: action,
})
export const changeAction = route({
  id: 'changeAction',
  method: 'PATCH',
  path: '/api/v1/actions/:id',
  summary: 'Change an action; only a proof makes it proved',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({
    title: name.optional(),
    owner: id.nullable().optional(),
    dueAt: instant.nullable().optional(),
    criterion: text.min(1).optional(),
    drillId: id.nullable().optional(),
    /** By hand: `claimed`, back to `open`, or `dropped` with a reason; anything else takes a proof. */
    state: actionState.optional(),
    reason: text.min(1).optional(),
  }),
  answer: action,
})
export const claimAction = route({
  id: 'claimAction',
  method: 'POST',
  path: '/api/v1/actions/:id/claim',
  summary: 'Claim it is done: its drill decides',
  room,
  access: 'responder',
  params: byId,
  answer: action,
})
