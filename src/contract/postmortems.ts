import { z } from 'zod'
import { byId, id, instant, name, page, pageQuery, route, text } from './route.ts'
import { followUp } from './trackers.ts'

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
  /** When the draft should be sent to review, and when the review should be done; null where nobody waits. */
  draftDueAt: instant.nullable(),
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
  body: z.strictObject({
    to: postmortemState,
    /** Why a review may end although threads are open or changes are asked for; takes an editor. */
    overrule: text.min(1).optional(),
  }),
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
  ...followUp.shape,
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
    type: actionType.optional(),
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
