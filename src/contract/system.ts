import { z } from 'zod'
import { id, instant, name, ROLES, route } from './route.ts'

const room = 'system'

export const me = z.object({
  id,
  name: z.string(),
  role: z.enum(ROLES),
  personId: z.string().nullable(),
  publicUrl: z.string(),
  version: z.string(),
  now: instant,
})
export type Me = z.infer<typeof me>

export const password = z.string().min(12, 'use at least 12 characters').max(200)

export const readMe = route({
  id: 'readMe',
  method: 'GET',
  path: '/api/v1/me',
  summary: 'Who am I',
  room,
  access: 'viewer',
  answer: me,
})

export const signIn = route({
  id: 'signIn',
  method: 'POST',
  path: '/api/v1/sign-in',
  summary: 'Begin a session with e-mail and password',
  room,
  access: 'public',
  body: z.strictObject({ email: z.email().max(200), password: z.string().min(1).max(200) }),
  answer: me,
})
export const signOut = route({
  id: 'signOut',
  method: 'POST',
  path: '/api/v1/sign-out',
  summary: 'End this session',
  room,
  access: 'viewer',
  status: 204,
})

export const readSetup = route({
  id: 'readSetup',
  method: 'GET',
  path: '/api/v1/setup',
  summary: 'Whether the first administrator is still to be set up',
  room,
  access: 'public',
  answer: z.object({ needed: z.boolean() }),
})
export const completeSetup = route({
  id: 'completeSetup',
  method: 'POST',
  path: '/api/v1/setup',
  summary: 'Set up the first administrator with the one-time link',
  room,
  access: 'public',
  status: 201,
  body: z.strictObject({ secret: z.string().min(20).max(200), name, email: z.email().max(200), password }),
  answer: me,
})
/** Sets the password of an invited person by the one-time link. */
export const acceptInvitation = route({
  id: 'acceptInvitation',
  method: 'POST',
  path: '/api/v1/invitation',
  summary: 'Set a password with an invitation link',
  room,
  access: 'public',
  body: z.strictObject({ secret: z.string().min(20).max(200), password }),
  answer: me,
})

/** One change for live views: which list to fetch anew. `event: fact` with this as data. */
export const liveEvent = z.object({
  seq: z.number().int(),
  type: z.string(),
  subject: z.string(),
  at: instant,
})
export type LiveEvent = z.infer<typeof liveEvent>
export const readEvents = route({
  id: 'readEvents',
  method: 'GET',
  path: '/api/v1/events',
  summary: 'Live changes as server-sent events',
  room,
  access: 'viewer',
})

export const overview = z.object({
  now: instant,
  /** Counts by verdict. */
  monitors: z.object({ up: z.number(), degraded: z.number(), down: z.number(), unknown: z.number() }),
  openAlerts: z.number(),
  openIncidents: z.number(),
  onCall: z.array(
    z.object({
      scheduleId: id,
      personId: z.string().nullable(),
      personName: z.string().nullable(),
      until: instant.nullable(),
      next: z.string().nullable(),
    }),
  ),
  actionsAwaitingProof: z.number(),
  /** What the auditor last found; `at` null when it has not run. */
  auditor: z.object({ at: instant.nullable(), problems: z.number() }),
})
export type Overview = z.infer<typeof overview>
export const readOverview = route({
  id: 'readOverview',
  method: 'GET',
  path: '/api/v1/overview',
  summary: 'What is broken, who is on call, what waits for proof',
  room,
  access: 'viewer',
  answer: overview,
})

export const verifyAudit = route({
  id: 'verifyAudit',
  method: 'GET',
  path: '/api/v1/audit',
  summary: 'Verify the chain of the fact log',
  room,
  access: 'administrator',
  answer: z.object({
    facts: z.number().int(),
    head: z.string(),
    brokenAt: z.object({ seq: z.number().int(), reason: z.string() }).nullable(),
  }),
})
