import { z } from 'zod'
import { byId, id, instant, name, page, pageQuery, route, slug } from './route.ts'

const room = 'monitors'
export const verdict = z.enum(['up', 'degraded', 'down', 'unknown'])

export const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  serial: z.string(),
  fingerprint: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  selfSigned: z.boolean(),
  chain: z.array(z.string()),
  protocol: z.string(),
  cipher: z.string(),
})
export type Certificate = z.infer<typeof certificate>

export const observation = z.object({
  verdict,
  reason: z.string(),
  summary: z.string(),
  tookMs: z.number(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  certificate: certificate.optional(),
})
export type Observation = z.infer<typeof observation>

export const monitor = z.object({
  id,
  name: z.string(),
  serviceId: id,
  kind: z.string(),
  target: z.string(),
  /** The confirmed verdict. */
  state: verdict,
  reason: z.string(),
  summary: z.string(),
  since: instant,
  everyMs: z.number(),
  enabled: z.boolean(),
  inMaintenance: z.boolean(),
  managedBy: z.enum(['file', 'api']),
  lastCheckedAt: instant.nullable(),
  nextCheckAt: instant.nullable(),
  tookMs: z.number().nullable(),
})
export type Monitor = z.infer<typeof monitor>

export const listMonitors = route({
  id: 'listMonitors',
  method: 'GET',
  path: '/api/v1/monitors',
  summary: 'Monitors and their verdicts',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(monitor),
})

export const monitorDetail = monitor.extend({
  spec: z.record(z.string(), z.unknown()),
  last: observation.nullable(),
  /** What the newest fault drill of this monitor caught and missed; null before the first. */
  faults: z
    .object({ drillId: id, runId: id, at: instant, caught: z.array(z.string()), missed: z.array(z.string()) })
    .nullable(),
  /** For a heartbeat: the address to ping. */
  pingUrl: z.string().nullable(),
})
export type MonitorDetail = z.infer<typeof monitorDetail>
export const readMonitor = route({
  id: 'readMonitor',
  method: 'GET',
  path: '/api/v1/monitors/:id',
  summary: 'One monitor',
  room,
  access: 'viewer',
  params: byId,
  answer: monitorDetail,
})

const settings = {
  service: slug,
  type: z.string().max(40),
  every: z.string().max(20).optional(),
  timeout: z.string().max(20).optional(),
  confirm: z.number().int().min(1).max(20).optional(),
  enabled: z.boolean().optional(),
}
/** The same shape as in the configuration file: common settings, and beside them those of the kind. */
export const monitorInput = z.looseObject(settings)
export type MonitorInput = z.infer<typeof monitorInput>
export const createMonitor = route({
  id: 'createMonitor',
  method: 'POST',
  path: '/api/v1/monitors',
  summary: 'Add a monitor',
  room,
  access: 'editor',
  status: 201,
  body: z.strictObject({ id: slug, settings: monitorInput }),
  answer: monitorDetail,
})
export const changeMonitor = route({
  id: 'changeMonitor',
  method: 'PUT',
  path: '/api/v1/monitors/:id',
  summary: 'Change a monitor',
  room,
  access: 'editor',
  params: byId,
  body: z.strictObject({ settings: monitorInput }),
  answer: monitorDetail,
})
export const removeMonitor = route({
  id: 'removeMonitor',
  method: 'DELETE',
  path: '/api/v1/monitors/:id',
  summary: 'Remove a monitor; its history stays',
  room,
  access: 'editor',
  params: byId,
  status: 204,
})
export const tryMonitor = route({
  id: 'tryMonitor',
  method: 'POST',
  path: '/api/v1/monitors/try',
  summary: 'Check once now, store nothing',
  room,
  access: 'editor',
  body: z.strictObject({ settings: monitorInput }),
  answer: observation,
})

export const historyPoint = z.object({
  at: instant,
  upMs: z.number(),
  degradedMs: z.number(),
  downMs: z.number(),
  unknownMs: z.number(),
  maintenanceMs: z.number(),
  checks: z.number(),
  tookMs: z.number().nullable(),
  tookMaxMs: z.number().nullable(),
})
export const history = z.object({
  from: instant,
  to: instant,
  resolution: z.enum(['raw', 'minute', 'hour', 'day']),
  points: z.array(historyPoint),
})
export type History = z.infer<typeof history>
export const readMonitorHistory = route({
  id: 'readMonitorHistory',
  method: 'GET',
  path: '/api/v1/monitors/:id/history',
  summary: 'Verdicts and latency over time',
  room,
  access: 'viewer',
  params: byId,
  query: z.strictObject({
    from: instant.optional(),
    to: instant.optional(),
    resolution: z.enum(['minute', 'hour', 'day']).optional(),
  }),
  answer: history,
})

export const monitorKind = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  reasons: z.array(z.string()),
  schema: z.record(z.string(), z.unknown()),
})
export type MonitorKind = z.infer<typeof monitorKind>
export const listMonitorKinds = route({
  id: 'listMonitorKinds',
  method: 'GET',
  path: '/api/v1/monitor-kinds',
  summary: 'Kinds of monitor, with the schema of their settings',
  room,
  access: 'viewer',
  answer: page(monitorKind),
})

export const maintenance = z.object({
  id,
  name: z.string(),
  monitors: z.array(z.string()),
  services: z.array(z.string()),
  state: z.enum(['planned', 'running', 'over']),
  reason: z.string(),
  since: instant,
  from: instant,
  to: instant,
  managedBy: z.enum(['file', 'api']),
})
export type Maintenance = z.infer<typeof maintenance>
export const listMaintenance = route({
  id: 'listMaintenance',
  method: 'GET',
  path: '/api/v1/maintenance',
  summary: 'Maintenance windows',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(maintenance),
})
export const createMaintenance = route({
  id: 'createMaintenance',
  method: 'POST',
  path: '/api/v1/maintenance',
  summary: 'Plan a maintenance window',
  room,
  access: 'responder',
  status: 201,
  body: z.strictObject({
    name,
    monitors: z.array(slug).max(200).default([]),
    services: z.array(slug).max(200).default([]),
    from: instant,
    to: instant,
  }),
  answer: maintenance,
})
export const endMaintenance = route({
  id: 'endMaintenance',
  method: 'DELETE',
  path: '/api/v1/maintenance/:id',
  summary: 'End a maintenance window now',
  room,
  access: 'responder',
  params: byId,
  status: 204,
})
