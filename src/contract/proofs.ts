import { z } from 'zod'
import { observation } from './monitors.ts'
import { byId, id, instant, page, pageQuery, route, slug, text } from './route.ts'

const room = 'proofs'
export const faultResult = z.object({
  fault: z.string(),
  title: z.string(),
  failureClass: z.string(),
  caught: z.boolean(),
  observation: observation.nullable(),
})
export const drillRun = z.object({
  id,
  drillId: id,
  state: z.enum(['queued', 'running', 'passed', 'failed', 'inconclusive']),
  reason: z.string(),
  since: instant,
  finishedAt: instant.nullable(),
  trigger: z.string(),
  caught: z.array(z.string()),
  missed: z.array(z.string()),
  /** By kind of drill: fault results, or pages with their virtual times. */
  evidence: z.record(z.string(), z.unknown()),
})
export type DrillRun = z.infer<typeof drillRun>
export const drill = z.object({
  id,
  name: z.string(),
  kind: z.string(),
  monitorId: z.string().nullable(),
  actionId: z.string().nullable(),
  state: z.enum(['never run', 'running', 'passed', 'failed', 'inconclusive']),
  reason: z.string(),
  since: instant,
  everyMs: z.number().nullable(),
  nextRunAt: instant.nullable(),
  lastRunId: z.string().nullable(),
  managedBy: z.enum(['file', 'api']),
  settings: z.record(z.string(), z.unknown()),
})
export type Drill = z.infer<typeof drill>
export const listDrills = route({
  id: 'listDrills',
  method: 'GET',
  path: '/api/v1/drills',
  summary: 'Drills and how they last went',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(drill),
})
export const readDrill = route({
  id: 'readDrill',
  method: 'GET',
  path: '/api/v1/drills/:id',
  summary: 'One drill',
  room,
  access: 'viewer',
  params: byId,
  answer: drill,
})
export const createDrill = route({
  id: 'createDrill',
  method: 'POST',
  path: '/api/v1/drills',
  summary: 'Add a drill',
  room,
  access: 'editor',
  status: 201,
  body: z.strictObject({
    id: slug,
    settings: z.looseObject({ kind: z.string().max(40) }),
    actionId: id.nullable().default(null),
  }),
  answer: drill,
})
export const removeDrill = route({
  id: 'removeDrill',
  method: 'DELETE',
  path: '/api/v1/drills/:id',
  summary: 'Remove a drill on which no proof rests; its runs stay',
  room,
  access: 'editor',
  params: byId,
  status: 204,
})
export const drillKind = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  reasons: z.array(z.string()),
  schema: z.record(z.string(), z.unknown()),
})
export type DrillKind = z.infer<typeof drillKind>
export const listDrillKinds = route({
  id: 'listDrillKinds',
  method: 'GET',
  path: '/api/v1/drill-kinds',
  summary: 'Kinds of drill, with the schema of their settings',
  room,
  access: 'viewer',
  answer: page(drillKind),
})
export const runDrill = route({
  id: 'runDrill',
  method: 'POST',
  path: '/api/v1/drills/:id/run',
  summary: 'Run a drill now',
  room,
  access: 'responder',
  params: byId,
  status: 202,
  answer: drillRun,
})
export const listDrillRuns = route({
  id: 'listDrillRuns',
  method: 'GET',
  path: '/api/v1/drills/:id/runs',
  summary: 'Runs and their evidence, the newest first',
  room,
  access: 'viewer',
  params: byId,
  query: pageQuery,
  answer: page(drillRun),
})
export const readDrillRun = route({
  id: 'readDrillRun',
  method: 'GET',
  path: '/api/v1/drill-runs/:id',
  summary: 'One run with its evidence',
  room,
  access: 'viewer',
  params: byId,
  answer: drillRun,
})
export const answerDrill = route({
  id: 'answerDrill',
  method: 'POST',
  path: '/api/v1/drill-runs/:id/answer',
  summary: 'Say that the message of this drill came',
  room,
  access: 'responder',
  params: byId,
  answer: drillRun,
})

const largestReport = 2_000_000
const until = instant
  .optional()
  .meta({ description: 'Until when it holds; about three months, when left out.' })
/** A proof other than a drill, as it is handed in. */
export const givenProof = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('witness'),
    /** Whether what the criterion asks for was seen. */
    met: z.boolean(),
    /** What was done and seen, in the words of the witness, who is the one that hands it in. */
    statement: text.min(1),
    seenAt: instant,
    until,
  }),
  z.strictObject({
    kind: z.literal('junit-report'),
    report: z.string().min(1).max(largestReport),
    /** The tests on which it rests: names, or class and name; all that ran, when left out. */
    tests: z.array(z.string().min(1).max(500)).max(100).default([]),
    until,
  }),
  z.strictObject({
    kind: z.literal('chaos-journal'),
    /** The file journal.json, as it was written. */
    journal: z.string().min(1).max(largestReport),
    until,
  }),
])
export type GivenProof = z.input<typeof givenProof>
export const evidence = z.object({
  id,
  actionId: id,
  kind: z.enum(['witness', 'junit-report', 'chaos-journal']),
  outcome: z.enum(['passed', 'failed']),
  reason: z.string(),
  summary: z.string(),
  details: z.record(z.string(), z.unknown()),
  givenBy: z.string(),
  seenAt: instant,
  expiresAt: instant,
  givenAt: instant,
})
export type EvidenceView = z.infer<typeof evidence>
export const giveProof = route({
  id: 'giveProof',
  method: 'POST',
  path: '/api/v1/actions/:id/proofs',
  summary: 'Hand in a proof that is no drill: a witness, a test report, a chaos journal',
  room,
  access: 'responder',
  params: byId,
  body: givenProof,
  status: 201,
  answer: evidence,
  largest: 3_000_000,
})
export const listProofs = route({
  id: 'listProofs',
  method: 'GET',
  path: '/api/v1/actions/:id/proofs',
  summary: 'What was handed in for an action, the newest first',
  room,
  access: 'viewer',
  params: byId,
  query: pageQuery,
  answer: page(evidence),
})
