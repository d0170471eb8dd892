import { z } from 'zod'
import { byId, id, instant, name, page, pageQuery, ROLES, route, slug } from './route.ts'

const room = 'catalog'
const managedBy = z.enum(['file', 'api'])

export const service = z.object({
  id,
  name: z.string(),
  description: z.string(),
  owner: z.string().nullable(),
  policyId: z.string().nullable(),
  dependsOn: z.array(z.string()),
  audience: z.enum(['public', 'internal']),
  managedBy,
  state: z.enum(['up', 'degraded', 'down', 'unknown']),
  reason: z.string(),
  since: instant.nullable(),
})
export type Service = z.infer<typeof service>
export const listServices = route({
  id: 'listServices',
  method: 'GET',
  path: '/api/v1/services',
  summary: 'Services and how they are',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(service),
})

export const team = z.object({
  id,
  name: z.string(),
  members: z.array(z.string()),
  scheduleId: z.string().nullable(),
  policyId: z.string().nullable(),
  managedBy,
})
export type Team = z.infer<typeof team>
export const listTeams = route({
  id: 'listTeams',
  method: 'GET',
  path: '/api/v1/teams',
  summary: 'Teams',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(team),
})

export const contact = z.object({
  id,
  personId: id,
  kind: z.string(),
  /** Without its secret parts. */
  description: z.string(),
  state: z.enum(['unverified', 'verified']),
  verifiedAt: instant.nullable(),
  managedBy,
})
export type Contact = z.infer<typeof contact>
export const person = z.object({
  id,
  name: z.string(),
  email: z.string().nullable(),
  role: z.enum(ROLES),
  timezone: z.string(),
  managedBy,
  state: z.enum(['active', 'disabled']),
  reason: z.string(),
  since: instant,
  /** Whether somebody can sign in as this person. */
  hasPassword: z.boolean(),
  contacts: z.array(contact),
})
export type Person = z.infer<typeof person>
export const listPeople = route({
  id: 'listPeople',
  method: 'GET',
  path: '/api/v1/people',
  summary: 'People and how to reach them',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(person),
})
export const createPerson = route({
  id: 'createPerson',
  method: 'POST',
  path: '/api/v1/people',
  summary: 'Add a person',
  room,
  access: 'administrator',
  status: 201,
  body: z.strictObject({
    id: slug,
    name,
    email: z.email().max(200),
    role: z.enum(ROLES),
    timezone: z.string().max(60).default('UTC'),
  }),
  answer: person,
})
export const changePerson = route({
  id: 'changePerson',
  method: 'PATCH',
  path: '/api/v1/people/:id',
  summary: 'Change a person',
  room,
  access: 'administrator',
  params: byId,
  body: z.strictObject({
    name: name.optional(),
    role: z.enum(ROLES).optional(),
    timezone: z.string().max(60).optional(),
    disabled: z.boolean().optional(),
  }),
  answer: person,
})
export const invitePerson = route({
  id: 'invitePerson',
  method: 'POST',
  path: '/api/v1/people/:id/invite',
  summary: 'Make a one-time link with which the person sets a password',
  room,
  access: 'administrator',
  params: byId,
  status: 201,
  answer: z.object({ link: z.string(), expiresAt: instant }),
})
export const changePassword = route({
  id: 'changePassword',
  method: 'POST',
  path: '/api/v1/me/password',
  summary: 'Change my password; every session of mine ends',
  room,
  access: 'viewer',
  status: 204,
  body: z.strictObject({
    current: z.string().max(200),
    next: z.string().min(12, 'use at least 12 characters').max(200),
  }),
})
/** Responders add contacts of their own; administrators anyone's. */
export const addContact = route({
  id: 'addContact',
  method: 'POST',
  path: '/api/v1/people/:id/contacts',
  summary: 'Add a way to reach a person; it counts once verified',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({
    kind: z.string().max(40),
    address: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  answer: contact,
})
export const sendVerification = route({
  id: 'sendVerification',
  method: 'POST',
  path: '/api/v1/contacts/:id/send-verification',
  summary: 'Send the verification link again',
  room,
  access: 'responder',
  params: byId,
  status: 202,
  answer: contact,
})
export const removeContact = route({
  id: 'removeContact',
  method: 'DELETE',
  path: '/api/v1/contacts/:id',
  summary: 'Remove a contact',
  room,
  access: 'responder',
  params: byId,
  status: 204,
})

/** A kind of channel with the JSON Schema of its address, from which the form is drawn. */
export const channelKind = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()),
})
export type ChannelKind = z.infer<typeof channelKind>
export const listChannelKinds = route({
  id: 'listChannelKinds',
  method: 'GET',
  path: '/api/v1/channel-kinds',
  summary: 'Ways to reach people',
  room,
  access: 'viewer',
  answer: page(channelKind),
})

export const token = z.object({
  id,
  name: z.string(),
  role: z.enum(ROLES),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
  state: z.enum(['active', 'revoked', 'expired']),
  reason: z.string(),
  since: instant,
})
export type Token = z.infer<typeof token>
export const listTokens = route({
  id: 'listTokens',
  method: 'GET',
  path: '/api/v1/tokens',
  summary: 'API tokens',
  room,
  access: 'administrator',
  query: pageQuery,
  answer: page(token),
})
export const createToken = route({
  id: 'createToken',
  method: 'POST',
  path: '/api/v1/tokens',
  summary: 'Create an API token; its secret is shown once',
  room,
  access: 'administrator',
  status: 201,
  body: z.strictObject({
    name,
    role: z.enum(ROLES),
    expiresInDays: z.number().int().min(1).max(3650).optional(),
    scope: z
      .string()
      .regex(/^probe:[a-z0-9][a-z0-9-]{0,79}$/)
      .optional()
      .meta({ description: '`probe:<place>`: for `tocsin probe` at that place, and nothing else.' }),
  }),
  answer: token.extend({ secret: z.string() }),
})
export const revokeToken = route({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/v1/tokens/:id',
  summary: 'Revoke an API token',
  room,
  access: 'administrator',
  params: byId,
  status: 204,
})
