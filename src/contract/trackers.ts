import { z } from 'zod'
import { byId, id, instant, name, route, slug, text } from './route.ts'

const room = 'postmortems'

/** A vendor or another team that has to do it; our owner chases them. */
export const counterpart = z.object({
  kind: z.enum(['vendor', 'team']),
  name: z.string(),
  /** Their ticket, or its address. */
  reference: z.string().nullable(),
})
export const actionPromise = z.object({
  id,
  /** Who promised. */
  by: z.string(),
  promisedAt: instant,
  note: z.string(),
  /** Who wrote it down, and when. */
  writtenBy: z.string(),
  writtenAt: instant,
})
export type ActionPromise = z.infer<typeof actionPromise>

/** Why a tracker did not do what it was asked for. */
export const ISSUE_FAILURES = [
  'unauthorized',
  'forbidden',
  'rate-limited',
  'not-found',
  'gone',
  'moved',
  'refused',
  'server-error',
  'no-answer',
  'egress',
  'unreadable',
  'not-configured',
] as const
export const issueFailure = z.enum(ISSUE_FAILURES)
/** The issue of an action in a tracker, as it was seen last. */
export const actionIssue = z.object({
  tracker: z.string(),
  /** `github`, `gitlab` or `jira`; null where the configuration has the tracker no more. */
  kind: z.string().nullable(),
  project: z.string(),
  /** Null until it has been created. */
  number: z.string().nullable(),
  url: z.string().nullable(),
  title: z.string().nullable(),
  state: z.enum(['open', 'closed']).nullable(),
  lookedAt: instant.nullable(),
  nextAt: instant.nullable(),
  /** Why the last attempt came to nothing, and what to do about it. */
  failure: z
    .object({
      reason: issueFailure,
      detail: z.string(),
      remedy: z.string(),
      since: instant.nullable(),
    })
    .nullable(),
  askedBy: z.string(),
  askedAt: instant,
})
export type ActionIssue = z.infer<typeof actionIssue>

/** What is known about getting an action done. */
export const followUp = z.object({
  with: counterpart.nullable(),
  /** Every date that they promised, the oldest first. */
  promises: z.array(actionPromise),
  /** Who the document named as the owner, in its own words. */
  ownerWritten: z.string().nullable(),
  /** The one person that those words fit today; null where it is nobody or several, or there is an owner. */
  ownerMeant: z.string().nullable(),
  issue: actionIssue.nullable(),
})
export type FollowUp = z.infer<typeof followUp>

export const setCounterpart = route({
  id: 'setCounterpart',
  method: 'PUT',
  path: '/api/v1/actions/:id/with',
  summary: 'Say which vendor or other team the action is with',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({
    with: z
      .strictObject({
        kind: z.enum(['vendor', 'team']),
        name,
        reference: z.string().trim().max(500).nullable().default(null),
      })
      .nullable(),
  }),
  answer: followUp,
})
export const addPromise = route({
  id: 'addPromise',
  method: 'POST',
  path: '/api/v1/actions/:id/promises',
  summary: 'Write down a date that they promised; the earlier ones stay',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({ promisedAt: instant, note: text.default('') }),
  answer: followUp,
})

/** Why somebody is reminded of an action. */
export const NOTICE_REASONS = [
  'due-soon',
  'due',
  'overdue',
  'long-overdue',
  'promise-due',
  'promise-broken',
  'refuted',
  'reopened',
  'stale',
] as const
export const actionReminder = z.object({
  id,
  personId: z.string(),
  reason: z.enum(NOTICE_REASONS),
  state: z.enum(['waiting', 'queued', 'sent', 'failed', 'dropped']),
  channel: z.string().nullable(),
  detail: z.string(),
  createdAt: instant,
  settledAt: instant.nullable(),
})
export type ActionReminder = z.infer<typeof actionReminder>
export const readReminders = route({
  id: 'readReminders',
  method: 'GET',
  path: '/api/v1/actions/:id/reminders',
  summary: 'Who was reminded of the action, and why; the newest fifty',
  room,
  access: 'viewer',
  params: byId,
  answer: z.object({ items: z.array(actionReminder), next: z.string().nullable() }),
})

export const tracker = z.object({
  name: z.string(),
  kind: z.string(),
  title: z.string(),
  url: z.string(),
  project: z.string(),
  /** Whether webhooks of it are taken: they need a secret. */
  hears: z.boolean(),
  /** Why it is not asked at present. */
  paused: z
    .object({ until: instant, reason: issueFailure, detail: z.string(), remedy: z.string() })
    .nullable(),
})
export type Tracker = z.infer<typeof tracker>
export const listTrackers = route({
  id: 'listTrackers',
  method: 'GET',
  path: '/api/v1/trackers',
  summary: 'Trackers of the configuration',
  room,
  access: 'viewer',
  answer: z.object({ items: z.array(tracker), next: z.string().nullable() }),
})
export const createIssue = route({
  id: 'createIssue',
  method: 'POST',
  path: '/api/v1/actions/:id/issue',
  summary: 'Make an issue of the action, or link the one at an address',
  room,
  access: 'responder',
  params: byId,
  status: 202,
  body: z
    .strictObject({
      /** Where it is to be created. */
      tracker: slug.optional(),
      /** The address of an issue that is there. */
      url: z.string().trim().min(1).max(2_000).optional(),
    })
    .refine(({ tracker, url }) => (tracker === undefined) !== (url === undefined), {
      path: ['url'],
      error: 'give either `tracker`, to create an issue, or `url`, to link one',
    }),
  answer: followUp,
})
export const syncIssue = route({
  id: 'syncIssue',
  method: 'POST',
  path: '/api/v1/actions/:id/issue/sync',
  summary: 'Look at the issue now',
  room,
  access: 'responder',
  params: byId,
  status: 202,
  answer: followUp,
})
export const unlinkIssue = route({
  id: 'unlinkIssue',
  method: 'DELETE',
  path: '/api/v1/actions/:id/issue',
  summary: 'Forget the issue of the action; in the tracker it stays',
  room,
  access: 'responder',
  params: byId,
  status: 204,
})
