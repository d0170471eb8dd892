import { z } from 'zod'
import { byId, id, instant, name, page, pageQuery, route, text } from './route.ts'

const room = 'incidents'
export const severity = z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4'])
export const incidentState = z.enum(['declared', 'mitigated', 'believed-resolved', 'resolved', 'closed'])

/** A time of the incident; `at` null means "not recorded", never zero. */
export const incidentTime = z.object({ name: z.string(), at: instant.nullable() })
/** A duration with the formula that gave it. */
export const incidentMetric = z.object({
  name: z.enum(['TTD', 'TTA', 'TTM', 'TTR']),
  ms: z.number().nullable(),
  formula: z.string(),
  status: z.enum(['recorded', 'not recorded', 'invalid']),
})

export const incident = z.object({
  id,
  title: z.string(),
  severity,
  state: incidentState,
  reason: z.string(),
  /** When the present state began. */
  since: instant,
  declaredAt: instant,
  serviceIds: z.array(z.string()),
  alertIds: z.array(z.string()),
  commander: z.object({ personId: id, name: z.string() }).nullable(),
  roles: z.array(z.object({ role: z.string(), personId: id, name: z.string() })),
  detection: z.enum(['monitor', 'person', 'customer']),
  reopened: z.number().int(),
  postmortemId: z.string().nullable(),
  times: z.array(incidentTime),
  metrics: z.array(incidentMetric),
})
export type Incident = z.infer<typeof incident>
export const listIncidents = route({
  id: 'listIncidents',
  method: 'GET',
  path: '/api/v1/incidents',
  summary: 'Incidents, the newest first',
  room,
  access: 'viewer',
  query: pageQuery.extend({ state: z.enum(['open', 'resolved', 'closed']).optional() }),
  answer: page(incident),
})
export const readIncident = route({
  id: 'readIncident',
  method: 'GET',
  path: '/api/v1/incidents/:id',
  summary: 'One incident',
  room,
  access: 'viewer',
  params: byId,
  answer: incident,
})
export const openIncident = route({
  id: 'openIncident',
  method: 'POST',
  path: '/api/v1/incidents',
  summary: 'Declare an incident',
  room,
  access: 'responder',
  status: 201,
  body: z.strictObject({
    title: name,
    severity,
    serviceIds: z.array(id).max(50).default([]),
    detection: z.enum(['monitor', 'person', 'customer']).default('person'),
    impactStart: instant.optional(),
  }),
  answer: incident,
})
export const changeIncident = route({
  id: 'changeIncident',
  method: 'PATCH',
  path: '/api/v1/incidents/:id',
  summary: 'Change title, severity, state or times',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({
    title: name.optional(),
    severity: severity.optional(),
    state: incidentState.optional(),
    impactStart: instant.nullable().optional(),
    mitigatedAt: instant.nullable().optional(),
  }),
  answer: incident,
})
export const assignRole = route({
  id: 'assignRole',
  method: 'PUT',
  path: '/api/v1/incidents/:id/roles/:role',
  summary: 'Give a role to a person',
  room,
  access: 'responder',
  params: byId.extend({ role: z.string().min(1).max(60) }),
  body: z.strictObject({ personId: id.nullable() }),
  answer: incident,
})
export const timelineEntry = z.object({
  id,
  incidentId: id,
  kind: z.string(),
  text: z.string(),
  actor: z.string(),
  happenedAt: instant,
  writtenAt: instant,
  /** The entry that this one corrects. */
  corrects: z.string().nullable(),
})
export type TimelineEntry = z.infer<typeof timelineEntry>
export const readTimeline = route({
  id: 'readTimeline',
  method: 'GET',
  path: '/api/v1/incidents/:id/timeline',
  summary: 'The timeline, oldest first',
  room,
  access: 'viewer',
  params: byId,
  query: pageQuery,
  answer: page(timelineEntry),
})
export const addNote = route({
  id: 'addNote',
  method: 'POST',
  path: '/api/v1/incidents/:id/timeline',
  summary: 'Add a note, or correct an entry by a new one',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({ text: text.min(1), happenedAt: instant.optional(), corrects: id.optional() }),
  answer: timelineEntry,
})
