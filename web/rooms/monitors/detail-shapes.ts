import { z } from 'zod'
import type { Observation } from '../../../src/contract/monitors.ts'

/**
 * What kinds of monitor tell beyond one line, as far as pages draw it. Each kind has a shape of its own, so that what
 * does not fit is left out and breaks no page.
 */
const verdict = z.enum(['up', 'degraded', 'down', 'unknown'])
const shapes = {
  /** What each place saw last. */
  places: z.array(z.object({ place: z.string(), at: z.number(), verdict, reason: z.string() })),
  /** What each address of a name serves. */
  nodes: z.array(
    z.object({
      address: z.string(),
      verdict,
      reason: z.string(),
      fingerprint: z.string().nullable(),
      notAfter: z.string().nullable(),
    }),
  ),
  /** What each name server answered. */
  servers: z.array(
    z.object({
      server: z.string(),
      verdict,
      reason: z.string(),
      tookMs: z.number(),
      records: z.array(z.string()),
      serial: z.number().nullable(),
    }),
  ),
  /** What the last check of a pool saw of each member. */
  members: z.array(
    z.object({
      member: z.string(),
      address: z.string(),
      verdict,
      reason: z.string(),
      summary: z.string(),
      tookMs: z.number(),
    }),
  ),
  forecast: z.object({
    outcome: z.string(),
    limit: z.number(),
    at: z.number().nullable(),
    earliest: z.number().nullable(),
    latest: z.number().nullable(),
  }),
  unit: z.string(),
  /** Who has how much of the whole. */
  shares: z.array(z.object({ name: z.string(), share: z.number(), usual: z.number().nullable() })),
  violations: z.array(
    z.object({
      rule: z.string(),
      reason: z.string(),
      summary: z.string(),
      responsible: z.array(z.string()),
      rows: z.array(z.record(z.string(), z.unknown())),
    }),
  ),
  accepted: z.array(z.object({ rule: z.string(), summary: z.string(), because: z.string() })),
  /** Lines of a log that matched. */
  samples: z.array(z.string()),
  slices: z.array(z.object({ at: z.number(), lines: z.number(), matched: z.number() })),
  /** The steps of a journey, in order. */
  steps: z.array(
    z.object({
      name: z.string(),
      verdict: z.enum(['up', 'down', 'skipped']),
      tookMs: z.number().nullable(),
      said: z.string().nullable(),
    }),
  ),
  scriptErrors: z.array(z.string()),
  consoleErrors: z.array(z.string()),
  /** Whether there is a picture of where a journey ended. */
  screenshot: z.boolean(),
  /** Signing keys of an issuer. */
  keys: z.array(
    z.object({
      id: z.string(),
      since: z.string().nullable(),
      signed: z.string().nullable(),
      neededUntil: z.string().nullable(),
    }),
  ),
}
type Shapes = typeof shapes

/** One part of what an observation tells in detail; null where it tells nothing of the kind. */
export function detailOf<Name extends keyof Shapes>(
  observation: Pick<Observation, 'details'> | null,
  name: Name,
): z.output<Shapes[Name]> | null {
  const details = observation?.details
  if (typeof details !== 'object' || details === null || !Object.hasOwn(details, name)) return null
  const parsed = shapes[name].safeParse((details as Record<string, unknown>)[name])
  return parsed.success ? (parsed.data as z.output<Shapes[Name]>) : null
}
