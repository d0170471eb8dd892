import { z } from 'zod'
import { action, actionState, actionType } from './postmortems.ts'
import { byId, id, instant, name, page, pageQuery, route, text } from './route.ts'

const room = 'postmortems'

export const comment = z.object({
  id,
  text: z.string(),
  /** The version that was read. */
  version: z.number().int(),
  actor: z.string(),
  /** The person's id, where a person wrote it. */
  personId: z.string().nullable(),
  at: instant,
})
/** A comment with what was answered to it. */
export const reviewThread = comment.extend({
  section: z.string().nullable(),
  /** The passage that it is about, as it reads; null for the section, or for the whole. */
  quote: z.string().nullable(),
  /**
   * Where the passage stands now: `there`, `moved` to another section, or `lost` because the text has changed since.
   * `whole` where no passage was quoted.
   */
  anchor: z.object({
    outcome: z.enum(['whole', 'there', 'moved', 'lost']),
    section: z.string().nullable(),
  }),
  state: z.enum(['open', 'resolved']),
  moved: z.object({ actor: z.string(), at: instant, reason: z.string().nullable() }).nullable(),
  replies: z.array(comment),
})
export type ReviewThread = z.infer<typeof reviewThread>

export const reviewer = z.object({
  personId: id,
  name: z.string(),
  askedBy: z.string(),
  askedAt: instant,
  /** Whether the newest message reached them. */
  told: z.enum(['no', 'queued', 'sent', 'failed']),
  toldReason: z.string(),
  /** What they said last; null before. */
  said: z
    .object({
      verdict: z.enum(['approved', 'changes-asked']),
      reason: z.string(),
      version: z.number().int(),
      at: instant,
      /** Of an approval, whether it counts for the present text. */
      standing: z.enum(['counts', 'text-changed', 'only-author', 'no-longer-asked']),
    })
    .nullable(),
})
export type Reviewer = z.infer<typeof reviewer>

export const review = z.object({
  /** How many approvals of the present text it takes, and how many there are. */
  need: z.number().int(),
  have: z.number().int(),
  /** Of the present text. */
  version: z.number().int(),
  draftDueAt: instant.nullable(),
  dueAt: instant.nullable(),
  authors: z.array(z.object({ personId: id, name: z.string() })),
  reviewers: z.array(reviewer),
  threads: z.array(reviewThread),
  /** What stands against the end of the review, in words; a reason overrules all but missing approvals. */
  blockers: z.array(
    z.object({
      kind: z.enum(['approvals', 'changes-asked', 'threads']),
      text: z.string(),
      waivable: z.boolean(),
    }),
  ),
  /** The newest time at which something was overruled. */
  overruled: z
    .object({
      by: z.string(),
      at: instant,
      version: z.number().int(),
      reason: z.string(),
      blockers: z.array(z.string()),
    })
    .nullable(),
})
export type Review = z.infer<typeof review>

export const readReview = route({
  id: 'readReview',
  method: 'GET',
  path: '/api/v1/postmortems/:id/review',
  summary: 'Reviewers, comments, and what stands against the end of the review',
  room,
  access: 'viewer',
  params: byId,
  answer: review,
})
export const commentOnPostmortem = route({
  id: 'commentOnPostmortem',
  method: 'POST',
  path: '/api/v1/postmortems/:id/comments',
  summary: 'Comment on the text, on a section or on a passage',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({
    version: z.number().int().positive(),
    section: z.string().trim().min(1).max(200).nullable().default(null),
    quote: z.string().trim().min(1).max(2_000).nullable().default(null),
    text: text.min(1),
  }),
  answer: review,
})
export const replyToThread = route({
  id: 'replyToThread',
  method: 'POST',
  path: '/api/v1/postmortem-threads/:id/replies',
  summary: 'Answer to a comment',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({ text: text.min(1) }),
  answer: review,
})
export const moveThread = route({
  id: 'moveThread',
  method: 'POST',
  path: '/api/v1/postmortem-threads/:id/state',
  summary: 'Resolve a thread, or open it again',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ to: z.enum(['open', 'resolved']), reason: text.min(1).nullable().default(null) }),
  answer: review,
})
export const askReviewers = route({
  id: 'askReviewers',
  method: 'POST',
  path: '/api/v1/postmortems/:id/reviewers',
  summary: 'Ask people to review',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ personIds: z.array(id).min(1).max(20) }),
  answer: review,
})
export const withdrawReviewer = route({
  id: 'withdrawReviewer',
  method: 'DELETE',
  path: '/api/v1/postmortems/:id/reviewers/:person',
  summary: 'Ask a person no longer',
  room,
  access: 'responder',
  params: byId.extend({ person: id }),
  status: 204,
})
export const giveVerdict = route({
  id: 'giveVerdict',
  method: 'POST',
  path: '/api/v1/postmortems/:id/verdict',
  summary: 'Approve the text that was read, or ask for changes',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({
    verdict: z.enum(['approved', 'changes-asked']),
    version: z.number().int().positive(),
    /** What must change; of an approval, anything worth saying. */
    reason: text.default(''),
  }),
  answer: review,
})

/** A place that reads as blame. It never stands in the way of anything. */
export const hint = z.object({
  kind: z.enum(['name', 'should-have', 'could-have', 'failed-to', 'if-only', 'blame', 'hindsight']),
  /** In UTF-16 units of the text, `to` being the first after it. */
  from: z.number().int(),
  to: z.number().int(),
  line: z.number().int(),
  section: z.string().nullable(),
  text: z.string(),
  why: z.string(),
  instead: z.string(),
})
export type Hint = z.infer<typeof hint>
export const readHints = route({
  id: 'readHints',
  method: 'GET',
  path: '/api/v1/postmortems/:id/hints',
  summary: 'What reads as blame in the text, and what to write instead',
  room,
  access: 'viewer',
  params: byId,
  answer: z.object({ hints: z.array(hint) }),
})
export const hintsOfText = route({
  id: 'hintsOfText',
  method: 'POST',
  path: '/api/v1/postmortems/:id/hints',
  summary: 'The same for a text that is still being written',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ body: z.string().max(200_000) }),
  answer: z.object({ hints: z.array(hint) }),
})

export const luckState = z.enum(['open', 'accepted', 'has-action', 'proved'])
/** What went well, wrong or by luck. */
export const item = z.object({
  id,
  postmortemId: id,
  kind: z.enum(['well', 'wrong', 'lucky']),
  text: z.string(),
  /** False once the text no longer has it. */
  inText: z.boolean(),
  state: luckState,
  /** What a person wrote who accepted it, or why it moved by itself. */
  reason: z.string(),
  since: instant,
  acceptedBy: z.string().nullable(),
  acceptedUntil: instant.nullable(),
  action: z.object({ id, title: z.string(), state: actionState }).nullable(),
})
export const suggestedItem = item.extend({
  /** What an action made of it might be called; its criterion is for people to write. */
  suggestion: z.object({ title: z.string(), type: actionType }),
})
export type Item = z.infer<typeof suggestedItem>
export const readItems = route({
  id: 'readItems',
  method: 'GET',
  path: '/api/v1/postmortems/:id/items',
  summary: 'What went well, wrong or by luck, and what became of it',
  room,
  access: 'viewer',
  params: byId,
  answer: z.object({ items: z.array(suggestedItem) }),
})
export const actOnItem = route({
  id: 'actOnItem',
  method: 'POST',
  path: '/api/v1/postmortem-items/:id/action',
  summary: 'Make an action of it',
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
  answer: action.pick({ id: true, title: true, state: true }),
})
export const acceptLuck = route({
  id: 'acceptLuck',
  method: 'POST',
  path: '/api/v1/postmortem-items/:id/accept',
  summary: 'Accept a risk that luck showed, until it is looked at again',
  room,
  access: 'editor',
  params: byId,
  body: z.strictObject({ until: instant, reason: text.min(1) }),
  answer: item,
})
export const takeAcceptanceBack = route({
  id: 'takeAcceptanceBack',
  method: 'POST',
  path: '/api/v1/postmortem-items/:id/open',
  summary: 'Take the acceptance of a risk back',
  room,
  access: 'responder',
  params: byId,
  answer: item,
})
export const luck = suggestedItem.extend({ postmortemTitle: z.string() })
export type Luck = z.infer<typeof luck>
export const listLuck = route({
  id: 'listLuck',
  method: 'GET',
  path: '/api/v1/luck',
  summary: 'Where we got lucky, over all post-mortems: risks and what became of them',
  room,
  access: 'viewer',
  query: pageQuery.extend({ state: luckState.optional() }),
  answer: page(luck),
})
