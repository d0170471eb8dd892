import { z } from 'zod'

const verdict = z.object({ verdict: z.string(), reason: z.string(), summary: z.string() })
const fault = z.object({
  fault: z.string(),
  title: z.string().optional(),
  failureClass: z.string().optional(),
  result: z.enum(['caught', 'missed', 'unclear']).optional(),
  caught: z.boolean().optional(),
  verdict: z.string().optional(),
  reason: z.string().optional(),
  summary: z.string().optional(),
  tookMs: z.number().optional(),
  remedy: z.string().nullish(),
  /** Where a drill plays several monitors. */
  monitorId: z.string().optional(),
})
const paged = z.object({ at: z.string(), afterMs: z.number(), person: z.string(), channel: z.string() })
const event = z.object({ at: z.string(), type: z.string(), subject: z.string() })

const line = z.object({ at: z.string(), afterMs: z.number(), what: z.string(), text: z.string() })
const replay = z.object({
  from: z.string(),
  until: z.string(),
  observations: z.number(),
  wouldBe: z.array(line),
  left: z.number(),
  asItWas: z.array(line).optional(),
  gained: z
    .array(
      z.object({
        what: z.enum(['noticed', 'reached']),
        wasMs: z.number().nullable(),
        wouldMs: z.number().nullable(),
        gainedMs: z.number().nullable(),
      }),
    )
    .optional(),
  expectations: z.array(
    z.object({
      says: z.string(),
      met: z.boolean(),
      afterMs: z.number().nullable(),
      withinMs: z.number().nullable(),
    }),
  ),
})
export type Replayed = z.infer<typeof replay>

const cut = z.object({
  place: z.string(),
  silentAfterMs: z.number().nullable(),
  withinMs: z.number(),
  outageMs: z.number(),
  monitors: z.array(
    z.object({
      monitorId: z.string(),
      places: z.array(z.string()),
      quorum: z.number(),
      verdict: z.string(),
      badAfterMs: z.number().nullable(),
      outageSeenAfterMs: z.number().nullable(),
      outsideSeenAfterMs: z.number().nullable(),
    }),
  ),
})
const stopped = z.object({
  how: z.enum(['freeze', 'kill']),
  silenceMs: z.number().nullable(),
  beatsBefore: z.number(),
  noticedAfterMs: z.number().nullable(),
  withinMs: z.number(),
  said: z.array(z.object({ subject: z.string(), text: z.string(), afterMs: z.number() })),
})

/** What a run kept. Every part may be missing: each kind of drill fills the parts that it has. */
const evidence = z.object({
  monitor: z.object({ id: z.string(), kind: z.string(), target: z.string() }).optional().catch(undefined),
  changes: z.array(z.string()).default([]).catch([]),
  control: verdict.optional().catch(undefined),
  faults: z.array(fault).default([]).catch([]),
  notApplicable: z.array(z.string()).default([]).catch([]),
  expected: z.object({ person: z.string().nullable(), withinMs: z.number() }).optional().catch(undefined),
  onset: z.string().optional().catch(undefined),
  pages: z.array(paged).optional().catch(undefined),
  restored: z
    .array(z.object({ what: z.string(), live: z.number(), copy: z.number(), same: z.boolean() }))
    .default([])
    .catch([]),
  reached: z
    .array(z.object({ person: z.string(), channel: z.string(), sent: z.boolean(), reason: z.string() }))
    .default([])
    .catch([]),
  plays: z
    .array(
      z.object({
        fault: z.string(),
        monitorId: z.string(),
        kind: z.string(),
        verdict: z.string(),
        reason: z.string(),
        pages: z.array(z.object({ person: z.string(), channel: z.string(), afterMs: z.number() })),
      }),
    )
    .default([])
    .catch([]),
  replay: replay.optional().catch(undefined),
  cut: cut.optional().catch(undefined),
  stopped: stopped.optional().catch(undefined),
  story: z.array(event).default([]).catch([]),
  error: z.string().optional().catch(undefined),
})
export type Evidence = z.infer<typeof evidence>
export type FaultSeen = z.infer<typeof fault>

/** Reads the evidence of a run; parts that this page does not know are left for the raw view. */
export function readEvidence(raw: Record<string, unknown>): Evidence {
  return evidence.parse(raw)
}

/** Whether a fault was noticed. */
export function resultOf({
  result,
  caught,
}: Pick<FaultSeen, 'result' | 'caught'>): 'caught' | 'missed' | 'unclear' {
  return result ?? (caught === undefined ? 'unclear' : caught ? 'caught' : 'missed')
}

/** The page that decides: the first to whoever is expected, or the first of all where anybody will do. */
export function decidingPage(
  of: Evidence,
): { at: string; afterMs: number; person: string; inTime: boolean } | null {
  const person = of.expected?.person ?? null
  const first = of.pages
    ?.toSorted((a, b) => a.afterMs - b.afterMs)
    .find((page) => page.afterMs >= 0 && (person === null || page.person === person))
  if (!first) return null
  return { ...first, inTime: of.expected === undefined || first.afterMs <= of.expected.withinMs }
}
