import { z } from 'zod'
import { importedIncident, importFinding } from './postmortem-imports.ts'
import { actionState, actionType, postmortemState } from './postmortems.ts'
import { id, instant, name } from './route.ts'

/** The name and version of the form in which a post-mortem leaves one Tocsin and comes into another. */
export const POSTMORTEM_SCHEMA = 'tocsin/postmortem@1'

const MOST = 20_000
const words = z.string().max(20_000)
const someone = z
  .strictObject({ id: z.string().max(200), name: z.string().max(500) })
  .meta({ description: 'A person or a part of Tocsin, as it was called there' })
const place = z.string().max(500).meta({ description: 'The public address of the Tocsin that says so' })
const moment = instant.nullable()

const proof = z
  .strictObject({
    kind: z.string().max(40).meta({ description: '`drill`, or the kind of evidence' }),
    run: z.string().max(200).nullable().meta({ description: 'The run of the drill' }),
    evidence: z.string().max(200).nullable(),
    until: moment.meta({ description: 'Until when it holds; null where the drill goes on saying so' }),
  })
  .meta({ description: 'What the state rests on' })

const givenProof = z.strictObject({
  id: z.string().max(200),
  kind: z.string().max(40).meta({ description: '`drill`, or the kind of evidence' }),
  outcome: z.enum(['passed', 'failed', 'inconclusive']),
  reason: words,
  summary: words,
  by: someone.nullable().meta({ description: 'Who gave it; null for a drill' }),
  seenAt: instant,
  until: moment,
})
export type GivenProof = z.infer<typeof givenProof>

const documentedAction = z.strictObject({
  id,
  title: name,
  type: actionType,
  owner: someone.nullable(),
  dueAt: moment,
  criterion: words.meta({ description: 'What must be seen before it counts as done' }),
  drill: z.string().max(200).nullable(),
  createdAt: instant,
  ownerWritten: z
    .string()
    .max(20_000_000)
    .nullable()
    .default(null)
    .meta({ description: 'Whom the document that it came from names as the owner' }),
  counterpart: z
    .strictObject({
      kind: z.enum(['vendor', 'team']),
      name,
      reference: z.string().max(500).nullable().meta({ description: 'Their ticket, or its address' }),
    })
    .nullable()
    .default(null)
    .meta({ description: 'The vendor or the other team that it is with' }),
  promises: z
    .array(
      z.strictObject({
        counterpart: name.meta({ description: 'Who promised: what the counterpart was called then' }),
        promisedAt: instant,
        note: words,
        by: someone.meta({ description: 'Who wrote it down, and when' }),
        at: instant,
      }),
    )
    .max(MOST)
    .default([])
    .meta({ description: 'Every date that they promised, the oldest first' }),
  issue: z
    .strictObject({
      tracker: z.string().max(200),
      project: z.string().max(500),
      number: z.string().max(200).nullable(),
      url: z.string().max(2_000).nullable(),
      state: z
        .enum(['open', 'closed'])
        .nullable()
        .default(null)
        .meta({ description: 'As it was seen last; null where it has not been looked at' }),
    })
    .nullable()
    .default(null)
    .meta({ description: 'Where it stands in a tracker of the Tocsin that says so' }),
  proofs: z.array(givenProof).max(MOST).default([]).meta({
    description: 'The evidence that was given and the drill that decided last, with what they came to',
  }),
  standing: z
    .array(
      z.strictObject({
        at: place,
        state: actionState,
        reason: words,
        since: instant,
        claimedBy: someone.nullable(),
        run: z.string().max(200).nullable().meta({ description: 'The newest run that decided it' }),
        proof: proof.nullable(),
      }),
    )
    .min(1)
    .max(100)
    .meta({ description: 'What each Tocsin that it passed through says of it, the newest last' }),
})

const documentedIncident = z.strictObject({
  id,
  title: z.string().max(500),
  severity: z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4']),
  state: z.string().max(40),
  detection: z.enum(['monitor', 'person', 'customer']),
  reopened: z.number().int().min(0),
  services: z.array(someone).max(MOST),
  roles: z.array(z.strictObject({ role: z.string().max(200), name: z.string().max(500) })).max(1_000),
  times: z
    .strictObject({
      impact_start: moment,
      detected: moment,
      declared: moment,
      acknowledged: moment,
      mitigated: moment,
      resolved: moment,
    })
    .meta({ description: 'The six times; null is "not recorded"' }),
  durations: z
    .array(
      z.strictObject({
        name: z.enum(['TTD', 'TTA', 'TTM', 'TTR']),
        ms: z.number().int().nullable(),
        formula: z.string().max(200),
        status: z.enum(['recorded', 'not recorded', 'invalid']),
        why: z.string().max(500),
      }),
    )
    .max(10),
  timeline: z
    .array(
      z.strictObject({
        id: z.string().max(200),
        happenedAt: instant,
        writtenAt: instant,
        kind: z.string().max(40),
        text: z.string().max(200_000),
        by: someone,
        corrects: z.string().max(200).nullable(),
      }),
    )
    .max(200_000),
})

const documentedSource = z.strictObject({
  name: z.string().max(500),
  format: z.string().max(40),
  hash: z.string().max(100),
  importedAt: instant,
  importedBy: z.string().max(500),
  incident: z.number().int().min(0).meta({ description: 'Which of those that the document tells' }),
  text: z.string().max(20_000_000),
  reading: importedIncident,
  findings: z.array(importFinding).max(MOST),
})

const documentedReview = z.strictObject({
  comments: z
    .array(
      z.strictObject({
        id: z.string().max(200),
        thread: z.string().max(200),
        section: z.string().max(500).nullable(),
        quote: words.nullable(),
        version: z.number().int(),
        text: words,
        by: someone,
        at: instant,
      }),
    )
    .max(MOST),
  threads: z
    .array(
      z.strictObject({
        thread: z.string().max(200),
        state: z.enum(['open', 'resolved']),
        reason: words.nullable(),
        by: someone,
        at: instant,
      }),
    )
    .max(MOST)
    .meta({ description: 'What became of each thread; one that is not here is open' }),
  reviewers: z
    .array(
      z.strictObject({
        person: someone,
        asked: z.boolean().meta({ description: 'Whether they still are' }),
        since: instant,
        askedBy: someone,
      }),
    )
    .max(1_000),
  verdicts: z
    .array(
      z.strictObject({
        person: someone,
        verdict: z.enum(['approved', 'changes-asked']),
        reason: words,
        version: z.number().int(),
        at: instant,
      }),
    )
    .max(MOST),
  overrules: z
    .array(
      z.strictObject({
        version: z.number().int(),
        blockers: z.string().max(20_000),
        reason: words,
        by: someone,
        at: instant,
      }),
    )
    .max(MOST),
})

const documentedItem = z.strictObject({
  kind: z.enum(['well', 'wrong', 'lucky']),
  text: words,
  inText: z.boolean(),
  state: z.enum(['open', 'accepted', 'has-action', 'proved']),
  reason: words,
  since: instant,
  action: z.string().max(200).nullable(),
  acceptedBy: someone.nullable(),
  acceptedUntil: moment,
})

/** A post-mortem with everything that belongs to it. What this version does not know, it refuses: it could not keep it. */
export const postmortemDocument = z.strictObject({
  schema: z.literal(POSTMORTEM_SCHEMA),
  id: z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'is no id of ours'),
  origin: place,
  title: name,
  categories: z.array(z.string().max(40)).max(50),
  keywords: z.array(z.string().max(200)).max(50),
  company: z.string().max(500),
  product: z.string().max(500),
  version: z.number().int().positive().max(1_000_000),
  createdAt: instant,
  updatedAt: instant,
  draftDueAt: moment.meta({ description: 'When it should be sent to review' }),
  dueAt: moment.meta({ description: 'When the review is due' }),
  standing: z
    .array(
      z.strictObject({
        at: place,
        state: postmortemState,
        reason: z.string().max(200),
        since: instant,
      }),
    )
    .min(1)
    .max(100),
  body: z.string().max(5_000_000).meta({ description: 'Markdown, as it was written' }),
  incident: documentedIncident.nullable(),
  actions: z.array(documentedAction).max(MOST),
  revisions: z
    .array(
      z.strictObject({
        version: z.number().int().positive(),
        title: z.string().max(500),
        body: z.string().max(5_000_000),
        by: someone,
        at: instant,
      }),
    )
    .max(MOST)
    .meta({ description: 'Every text that it had, the oldest first' }),
  review: documentedReview.default({
    comments: [],
    threads: [],
    reviewers: [],
    verdicts: [],
    overrules: [],
  }),
  items: z
    .array(documentedItem)
    .max(MOST)
    .default([])
    .meta({ description: 'What went well, wrong or by luck, and whether the risk is looked after' }),
  source: documentedSource
    .nullable()
    .meta({ description: 'The document that it was imported from, with what was read and where' }),
})
export type PostmortemDocument = z.infer<typeof postmortemDocument>
export type DocumentedAction = PostmortemDocument['actions'][number]
export type DocumentedReview = PostmortemDocument['review']
export type DocumentedItem = PostmortemDocument['items'][number]
export type DocumentedIncident = NonNullable<PostmortemDocument['incident']>
