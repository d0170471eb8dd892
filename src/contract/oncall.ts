import { z } from 'zod'
import { byId, id, instant, page, pageQuery, route } from './route.ts'

const room = 'oncall'

export const pageItem = z.object({
  id,
  alertId: id,
  escalationId: id,
  personId: id,
  personName: z.string(),
  channel: z.string(),
  /** One for (alert, step, person, channel): duplicates carry the same. */
  key: z.string(),
  step: z.string(),
  state: z.enum(['queued', 'sent', 'failed', 'cancelled']),
  reason: z.string(),
  since: instant,
  sentAt: instant.nullable(),
})
export type Page = z.infer<typeof pageItem>
export const listPages = route({
  id: 'listPages',
  method: 'GET',
  path: '/api/v1/pages',
  summary: 'Pages, the newest first',
  room,
  access: 'viewer',
  query: pageQuery.extend({ alertId: id.optional() }),
  answer: page(pageItem),
})

export const shift = z.object({
  personId: z.string().nullable(),
  personName: z.string().nullable(),
  from: instant,
  to: instant,
  override: z.boolean(),
  overrideId: z.string().nullable(),
  reachable: z.boolean(),
})
export type Shift = z.infer<typeof shift>
export const schedule = z.object({
  id,
  name: z.string(),
  rotation: z.string(),
  timezone: z.string(),
  order: z.array(z.string()),
  managedBy: z.enum(['file', 'api']),
  now: shift.nullable(),
})
export type Schedule = z.infer<typeof schedule>
export const listSchedules = route({
  id: 'listSchedules',
  method: 'GET',
  path: '/api/v1/schedules',
  summary: 'Schedules and who is on call',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(schedule),
})
export const readShifts = route({
  id: 'readShifts',
  method: 'GET',
  path: '/api/v1/schedules/:id/shifts',
  summary: 'The final schedule: rotation with overrides',
  room,
  access: 'viewer',
  params: byId,
  query: z.strictObject({ from: instant, to: instant }),
  answer: z.object({ items: z.array(shift), next: z.null() }),
})
export const override = z.object({
  id,
  scheduleId: id,
  personId: id,
  from: instant,
  to: instant,
  by: z.string(),
  state: z.enum(['planned', 'running', 'over']),
  reason: z.string(),
  since: instant,
})
export type Override = z.infer<typeof override>
export const listOverrides = route({
  id: 'listOverrides',
  method: 'GET',
  path: '/api/v1/overrides',
  summary: 'Overrides',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(override),
})
export const createOverride = route({
  id: 'createOverride',
  method: 'POST',
  path: '/api/v1/overrides',
  summary: 'Take a shift, or hand one over',
  room,
  access: 'responder',
  status: 201,
  body: z.strictObject({ scheduleId: id, personId: id, from: instant, to: instant }),
  answer: override,
})
export const removeOverride = route({
  id: 'removeOverride',
  method: 'DELETE',
  path: '/api/v1/overrides/:id',
  summary: 'Remove an override',
  room,
  access: 'responder',
  params: byId,
  status: 204,
})

export const policy = z.object({
  id,
  name: z.string(),
  steps: z.array(z.object({ notify: z.array(z.string()), waitMs: z.number() })),
  repeat: z.number().int(),
  lastResort: z.array(z.string()),
  managedBy: z.enum(['file', 'api']),
})
export type Policy = z.infer<typeof policy>
export const listPolicies = route({
  id: 'listPolicies',
  method: 'GET',
  path: '/api/v1/policies',
  summary: 'Escalation policies',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(policy),
})

export const coverage = z.object({
  items: z.array(z.object({ scheduleId: id, from: instant, to: instant, reason: z.string() })),
  next: z.null(),
})
export const readCoverage = route({
  id: 'readCoverage',
  method: 'GET',
  path: '/api/v1/coverage',
  summary: 'When nobody who can be reached is on call, the next 14 days',
  room,
  access: 'viewer',
  answer: coverage,
})
