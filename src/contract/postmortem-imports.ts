import { z } from 'zod'
import { byId, instant, route } from './route.ts'

const room = 'postmortems'

/** A piece of the source text, end exclusive, in UTF-16 units. */
export const sourceSpan = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) })
const found = <V extends z.ZodType>(value: V) =>
  z.object({ value, span: sourceSpan, confidence: z.number().min(0).max(1) })
const foundText = found(z.string())
const foundSection = foundText.extend({
  /** Where its parts stand, when it is put together of several. */
  places: z.array(sourceSpan).optional(),
})
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
    summary: foundSection.optional(),
    impact: foundSection.optional(),
    trigger: foundSection.optional(),
    rootCause: foundSection.optional(),
    contributing: foundSection.optional(),
    detection: foundSection.optional(),
    resolution: foundSection.optional(),
    lessons: foundSection.optional(),
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

/** What came of asking the language model. */
export const PROPOSE_OUTCOMES = [
  'proposed',
  'nothing-proposed',
  'not-configured',
  'not-reached',
  'late',
  'egress-refused',
  'not-admitted',
  'rate-limited',
  'server-failed',
  'question-refused',
  'answer-too-large',
  'answer-unreadable',
  'answer-cut-short',
  'declined',
] as const
export type ProposeOutcome = (typeof PROPOSE_OUTCOMES)[number]
/** What a language model takes parts of the source for; a reviewer makes corrections of those that are right. */
export const importProposals = z.object({
  outcome: z.enum(PROPOSE_OUTCOMES),
  message: z.string(),
  items: z.array(z.object({ from: z.number().int(), to: z.number().int(), as: z.enum(CORRECTED_TOPICS) })),
  /** Quotes that were left out: not literally in the source, or read so already. */
  discarded: z.number().int(),
})
export type ImportProposals = z.infer<typeof importProposals>
export const imported = z.object({
  /** `known`: this text was imported before; `read`: only looked at. */
  outcome: z.enum(['imported', 'known', 'nothing-found', 'read']),
  name: z.string(),
  format: z.string(),
  hash: z.string(),
  /** A document of this name with another text was imported before. */
  earlier: z.boolean(),
  postmortemIds: z.array(z.string()),
  /** Who may be asked for proposals; null where none is configured. */
  languageModel: z.object({ model: z.string(), host: z.string() }).nullable(),
  /** Only where they were asked for. */
  proposals: importProposals.nullable(),
  /** The text in which the places count. */
  source: z.string(),
  incidents: z.array(importedIncident),
  findings: z.array(importFinding),
})
export type ImportedDocument = z.infer<typeof imported>
export const importPostmortem = route({
  id: 'importPostmortem',
  method: 'POST',
  path: '/api/v1/postmortems/import',
  summary: 'Import a post-mortem as it exists, or only look at what would be read',
  room,
  access: 'responder',
  largest: 12_000_000,
  body: z
    .strictObject({
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
      /** Ask the language model too; only with `dryRun`. */
      propose: z.boolean().default(false),
    })
    .refine(({ dryRun, propose }) => dryRun || !propose, {
      path: ['propose'],
      error: 'goes with `dryRun`: a proposal counts once it is sent as a correction',
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
