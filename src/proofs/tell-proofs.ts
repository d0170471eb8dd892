import { iso } from '../kit/clock.ts'
import type { TellProofs } from '../postmortems/index.ts'
import { findRun } from './drill.rows.ts'
import { OUTCOMES } from './drill.ts'
import { listEvidence } from './evidence.rows.ts'

const MOST = 1_000

/** What speaks for an action, for its post-mortem as a file: the evidence given, and the drill that decided last. */
export const tellProofs: TellProofs = async (db, { id, drillRunId }) => {
  const given = (await listEvidence(db, id, { limit: MOST })).reverse().map((one) => ({
    id: one.id,
    kind: one.kind,
    outcome: one.outcome,
    reason: one.reason,
    summary: one.summary,
    by: { id: one.givenBy, name: one.givenByName },
    seenAt: iso(one.seenAt),
    until: iso(one.expiresAt),
  }))
  const run = drillRunId === null ? null : await findRun(db, drillRunId)
  const outcome = OUTCOMES.find((one) => one === run?.state)
  if (!run || !outcome) return given
  const drill = {
    id: run.id,
    kind: 'drill',
    outcome,
    reason: run.reason,
    summary: run.summary ?? '',
    by: null,
    seenAt: iso(run.finishedAt ?? run.askedAt),
    until: null,
  }
  return [...given, drill]
}
