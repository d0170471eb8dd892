import type { Tx } from '../engine/world.ts'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { ActionEvidenceTable } from '../store/schema/proofs.ts'
import type { Reader } from '../store/store.ts'

/** A piece of evidence that was taken, as it stands for ever. */
export interface GivenEvidence {
  id: string
  actionId: string
  kind: string
  outcome: 'passed' | 'failed'
  reason: string
  summary: string
  details: Record<string, unknown>
  givenBy: string
  givenByName: string
  seenAt: number
  expiresAt: number
  givenAt: number
}

export async function insertEvidence(tx: Tx, evidence: GivenEvidence): Promise<void> {
  await tx.db
    .insertInto('action_evidence')
    .values({
      id: evidence.id,
      action_id: evidence.actionId,
      kind: evidence.kind,
      outcome: evidence.outcome,
      reason: evidence.reason,
      summary: evidence.summary,
      details: canonicalJson(evidence.details),
      given_by: evidence.givenBy,
      given_by_name: evidence.givenByName,
      seen_at: evidence.seenAt,
      expires_at: evidence.expiresAt,
      given_at: evidence.givenAt,
    })
    .execute()
}

/** What was given for one action, the newest first. */
export async function listEvidence(
  db: Reader,
  actionId: string,
  { before, limit = 100 }: { before?: string; limit?: number } = {},
): Promise<GivenEvidence[]> {
  const rows = await db
    .selectFrom('action_evidence')
    .selectAll()
    .where('action_id', '=', actionId)
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(readEvidence)
}

function readEvidence(row: ActionEvidenceTable): GivenEvidence {
  return {
    id: row.id,
    actionId: row.action_id,
    kind: row.kind,
    outcome: row.outcome,
    reason: row.reason,
    summary: row.summary,
    details: parseJson(row.details),
    givenBy: row.given_by,
    givenByName: row.given_by_name,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    givenAt: row.given_at,
  }
}
