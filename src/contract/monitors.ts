import { z } from 'zod'
import { kindBlindSpot, playableFault } from './blindness.ts'
import { byId, id, instant, name, page, pageQuery, route, slug } from './route.ts'

const room = 'monitors'
export const verdict = z.enum(['up', 'degraded', 'down', 'unknown'])

/** What a population of clients makes of a served certificate, and until when. */
export const clientVerdict = z.object({
  name: z.string(),
  verdict: z.enum(['up', 'degraded', 'down']),
  reason: z.string(),
  /** The last day on which these clients connect. */
  lastDay: z.string().nullable(),
  /** Subject of the certificate that breaks them. */
  through: z.string().nullable(),
  advice: z.string().nullable(),
  summary: z.string(),
})
export type ClientVerdict = z.infer<typeof clientVerdict>

/** The paths of clients through certificates; certificates by the first digits of their SHA-256. */
export const pathGraph = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      subject: z.string(),
      issuer: z.string(),
      notBefore: z.string(),
      notAfter: z.string(),
      origin: z.enum(['sent', 'store', 'known']),
      selfSigned: z.boolean(),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
  paths: z.array(
    z.object({
      client: z.string(),
      from: z.string().nullable(),
      until: z.string().nullable(),
      reason: z.string(),
      through: z.string().nullable(),
      members: z.array(z.string()),
    }),
  ),
})
export type PathGraph = z.infer<typeof pathGraph>

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
  clients: z.array(clientVerdict).optional(),
  graph: pathGraph.optional(),
})
export type Certificate = z.infer<typeof certificate>

export const observation = z.object({
  verdict,
  reason: z.string(),
  summary: z.string(),
  tookMs: z.number(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  certificate: certificate.optional(),
  /** What the kind of monitor shows beyond one line, in a shape of its own. */
  details: z.unknown().optional(),
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

/** What a list shows of a monitor: maintenance covers the verdict, and what is switched off has none. */
export const SHOWN_STATES = ['down', 'unknown', 'degraded', 'maintenance', 'up', 'paused'] as const
export type ShownState = (typeof SHOWN_STATES)[number]
const monitorFilter = {
  state: z.enum(SHOWN_STATES).optional(),
  service: id.optional(),
  /** Words, each of which stands somewhere in the name, id, target, service, kind or reason. */
  q: z.string().max(200).optional(),
}

export const listMonitors = route({
  id: 'listMonitors',
  method: 'GET',
  path: '/api/v1/monitors',
  summary: 'Monitors and their verdicts',
  room,
  access: 'viewer',
  query: pageQuery.extend({ ...monitorFilter, order: z.enum(['id', 'urgency']).default('id') }),
  answer: page(monitor),
})

export const countMonitors = route({
  id: 'countMonitors',
  method: 'GET',
  path: '/api/v1/monitor-counts',
  summary: 'How many monitors there are in each state',
  room,
  access: 'viewer',
  query: z.strictObject({ service: monitorFilter.service, q: monitorFilter.q }),
  answer: z.object({ total: z.number(), states: z.record(z.string(), z.number()) }),
})

export const unseenFault = z.object({
  fault: z.string(),
  title: z.string(),
  tried: z.enum(['missed', 'never']),
  /** What to write into the settings so that it is caught. */
  remedy: z.string(),
})
export type UnseenFault = z.infer<typeof unseenFault>

export const monitorDetail = monitor.extend({
  spec: z.record(z.string(), z.unknown()),
  last: observation.nullable(),
  /** What the newest fault drill of this monitor caught and missed; null before the first. */
  faults: z
    .object({ drillId: id, runId: id, at: instant, caught: z.array(z.string()), missed: z.array(z.string()) })
    .nullable(),
  /** What no monitor of this kind can see. */
  cannotSee: z.array(kindBlindSpot),
  /** Faults that it missed when they were last played, and those that apply to it and were never played. */
  unseen: z.array(unseenFault),
  /** For a heartbeat: the address to ping. */
  pingUrl: z.string().nullable(),
  /** For a log that is pushed: the address to post lines to. */
  logUrl: z.string().nullable(),
  /** Monitors whose state belongs to the same story: what a job renews, and what renews a certificate. */
  related: z.array(
    z.object({
      relation: z.enum(['renews', 'renewed-by']),
      id,
      name: z.string(),
      state: verdict,
      reason: z.string(),
      summary: z.string(),
      since: instant,
      /** When the certificate ends that it watches. */
      certificateEnds: instant.nullable(),
    }),
  ),
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
  body: z.strictObject({
    settings: monitorInput,
    id: slug.optional().meta({
      description:
        'The monitor that is being changed: its secrets stand where the settings show them as hidden.',
    }),
  }),
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
  expectedChecks: z.number().nullable().meta({
    description:
      'How many checks there should have been, by the interval of today; null where none is checked.',
  }),
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

/** A JPEG. A page behind a login may show what not everybody may see: it takes more than looking. */
export const readScreenshot = route({
  id: 'readScreenshot',
  method: 'GET',
  path: '/api/v1/monitors/:id/screenshot',
  summary: 'How the newest failure of a browser journey looked',
  room,
  access: 'responder',
  params: byId,
})

export const RUN_OUTCOMES = ['running', 'success', 'failure', 'superseded', 'missed'] as const
export const run = z.object({
  id: z.string(),
  /** The run id that the job sent; null where it sends none. */
  rid: z.string().nullable(),
  /** Null where only its end was told, and where it never came. */
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  outcome: z.enum(RUN_OUTCOMES),
  exitStatus: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** The end of what the job said. */
  log: z.string().nullable(),
})
export type Run = z.infer<typeof run>
export const listRuns = route({
  id: 'listRuns',
  method: 'GET',
  path: '/api/v1/monitors/:id/runs',
  summary: 'The run ledger of a heartbeat, newest first',
  room,
  access: 'viewer',
  params: byId,
  query: pageQuery.extend({ outcome: z.enum(RUN_OUTCOMES).optional() }),
  answer: page(run).extend({
    /** What the finished runs usually take; null before there are ten. */
    usual: z.object({ medianMs: z.number(), spreadMs: z.number(), runs: z.number() }).nullable(),
    /** Scheduled runs of which nothing was heard. */
    missed: z.number(),
  }),
})

export const monitorKind = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  reasons: z.array(z.string()),
  schema: z.record(z.string(), z.unknown()),
  /** What every monitor of this kind is blind to. */
  cannotSee: z.array(kindBlindSpot),
  /** Why settings of this kind cannot be tried; null where they can. */
  notTried: z.string().nullable(),
  /** Whether it can check the members of a pool. */
  checksMembers: z.boolean(),
  /** What drills play against monitors of this kind. */
  faults: z.array(playableFault),
  /** Why there is nothing to play; null where there is. */
  whyNoFaults: z.string().nullable(),
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
