import { z } from 'zod'
import { byId, id, instant, page, pageQuery, route, text } from './route.ts'

const room = 'alerts'

export const alert = z.object({
  id,
  dedupKey: z.string(),
  title: z.string(),
  summary: z.string(),
  severity: z.enum(['critical', 'warning']),
  state: z.enum(['open', 'acknowledged', 'resolved']),
  reason: z.string(),
  /** When it opened. */
  since: instant,
  serviceId: z.string().nullable(),
  monitorId: z.string().nullable(),
  incidentId: z.string().nullable(),
  source: z.string(),
  silenced: z.boolean(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedVia: z.string().nullable(),
  resolvedAt: instant.nullable(),
  resolvedReason: z.string().nullable(),
  /** What happens next if nobody acts, and when. */
  next: z.object({ what: z.string(), at: instant }).nullable(),
})
export type Alert = z.infer<typeof alert>
export const listAlerts = route({
  id: 'listAlerts',
  method: 'GET',
  path: '/api/v1/alerts',
  summary: 'Alerts, the newest first',
  room,
  access: 'viewer',
  query: pageQuery.extend({ state: z.enum(['open', 'acknowledged', 'resolved', 'unresolved']).optional() }),
  answer: page(alert),
})
export const readAlert = route({
  id: 'readAlert',
  method: 'GET',
  path: '/api/v1/alerts/:id',
  summary: 'One alert',
  room,
  access: 'viewer',
  params: byId,
  answer: alert,
})
export const acknowledgeAlert = route({
  id: 'acknowledgeAlert',
  method: 'POST',
  path: '/api/v1/alerts/:id/acknowledge',
  summary: 'Acknowledge: I am on it; everything pending stops',
  room,
  access: 'responder',
  params: byId,
  answer: alert,
})
export const resolveAlert = route({
  id: 'resolveAlert',
  method: 'POST',
  path: '/api/v1/alerts/:id/resolve',
  summary: 'Resolve by hand',
  room,
  access: 'responder',
  params: byId,
  body: z.strictObject({ reason: text.min(1) }),
  answer: alert,
})

export const silence = z.object({
  id,
  match: z.object({
    monitorId: z.string().optional(),
    serviceId: z.string().optional(),
    dedupKey: z.string().optional(),
  }),
  state: z.enum(['pending', 'active', 'expired']),
  reason: z.string(),
  since: instant,
  from: instant,
  until: instant,
  by: z.string(),
})
export type Silence = z.infer<typeof silence>
export const listSilences = route({
  id: 'listSilences',
  method: 'GET',
  path: '/api/v1/silences',
  summary: 'Silences',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(silence),
})
export const createSilence = route({
  id: 'createSilence',
  method: 'POST',
  path: '/api/v1/silences',
  summary: 'Silence: alerts still open, nobody is paged',
  room,
  access: 'responder',
  status: 201,
  body: z.strictObject({
    match: z
      .strictObject({ monitorId: id.optional(), serviceId: id.optional(), dedupKey: id.optional() })
      .refine((m) => Object.keys(m).length > 0, 'name a monitor, a service or a key'),
    from: instant.optional(),
    until: instant,
    reason: text.min(1),
  }),
  answer: silence,
})
export const endSilence = route({
  id: 'endSilence',
  method: 'DELETE',
  path: '/api/v1/silences/:id',
  summary: 'End a silence now',
  room,
  access: 'responder',
  params: byId,
  status: 204,
})
