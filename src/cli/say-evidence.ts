import { z } from 'zod'
import type { DrillRun } from '../contract/proofs.ts'
import { formatDuration } from '../kit/duration.ts'

// As much of the evidence of a replay as fits on a few lines of a terminal.
const evidence = z.object({
  replay: z.object({
    gained: z
      .array(z.object({ what: z.string(), gainedMs: z.number().nullable() }))
      .optional()
      .catch(undefined),
    expectations: z
      .array(
        z.object({
          says: z.string(),
          met: z.boolean(),
          afterMs: z.number().nullable(),
          withinMs: z.number().nullable(),
        }),
      )
      .catch([]),
  }),
})

/** What came of a replay, one line each: what was expected, and what was gained. */
export function sayReplay(run: DrillRun): string[] {
  const read = evidence.safeParse(run.evidence)
  if (!read.success) return []
  const lines = read.data.replay.expectations.map(({ says, met, afterMs, withinMs }) => {
    const came = afterMs === null ? 'never came' : `after ${formatDuration(afterMs)}`
    const allowed = withinMs === null ? '' : `, ${formatDuration(withinMs)} allowed`
    return `${met ? 'yes' : 'NO '} ${says}: ${came}${allowed}`
  })
  for (const { what, gainedMs } of read.data.replay.gained ?? [])
    if (gainedMs !== null)
      lines.push(
        `${what} ${formatDuration(Math.abs(gainedMs))} ${gainedMs < 0 ? 'later' : 'sooner'} than in life`,
      )
  return lines
}
