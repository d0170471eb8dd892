import { z } from 'zod'
import { instant, route } from './route.ts'

const room = 'monitors'

/** Beside the contract's JSON: the body is a Snappy block of protobuf, read where it arrives. */
export const remoteWrite = route({
  id: 'remoteWrite',
  method: 'POST',
  path: '/api/v1/write',
  summary: 'Prometheus remote write 1.0 and 2.0: values for metrics that are pushed',
  room,
  access: 'responder',
  status: 204,
})

export const movedSeries = z.object({
  labels: z.record(z.string(), z.string()),
  name: z.string(),
  /** Where it was read: the monitor that keeps it, or that asks Prometheus for it. */
  monitorId: z.string(),
  direction: z.enum(['up', 'down']),
  /** How far it moved, in widths of its own usual scatter. */
  score: z.number(),
  /** How alike its course is to that of the series which moved the most: rank correlation, -1 to 1. */
  correlation: z.number().nullable(),
  onset: instant,
  before: z.number(),
  during: z.number(),
  points: z.array(z.tuple([z.number(), z.number()])),
})
export type MovedSeries = z.infer<typeof movedSeries>

export const coMovement = z.object({
  from: instant,
  to: instant,
  baselineFrom: instant,
  /** How many series were looked at. */
  looked: z.number().int(),
  /** Those that moved, the one that moved the most first. */
  moved: z.array(movedSeries),
  /** What could not be asked, and why. */
  problems: z.array(z.object({ monitorId: z.string(), message: z.string() })),
})
export type CoMovement = z.infer<typeof coMovement>

export const readCoMovement = route({
  id: 'readCoMovement',
  method: 'GET',
  path: '/api/v1/metrics/co-movement',
  summary: 'Which series moved together in a stretch of time',
  room,
  access: 'responder',
  query: z.strictObject({
    from: instant,
    to: instant,
    /** How far back the usual course is taken from, in milliseconds; six times the stretch where it is left out. */
    baselineMs: z.coerce.number().int().min(10_000).max(2_592_000_000).optional(),
    /** PromQL that is asked of each Prometheus which a monitor uses, beside the monitors’ own queries. */
    query: z.string().min(1).max(2_000).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  answer: coMovement,
})
