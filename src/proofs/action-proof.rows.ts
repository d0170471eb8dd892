import type { Tx } from '../engine/world.ts'
import type { ActionProofsTable } from '../store/schema/proofs.ts'
import { type Reader, touched } from '../store/store.ts'
import type { ProofState } from './settle-action.rules.ts'

/** How far the proof of one action has come. */
export interface ActionProof {
  actionId: string
  state: ProofState
  drillId: string
  runId: string | null
  reason: string
  concludedAt: number | null
  provedAt: number | null
  alerted: boolean
  /** When it was claimed, or moved on. */
  since: number
}

/** The proof of one action; null before its first claim. */
export async function findProof(db: Reader, actionId: string): Promise<ActionProof | null> {
  const row = await db
    .selectFrom('action_proofs')
    .selectAll()
    .where('action_id', '=', actionId)
    .executeTakeFirst()
  return row ? readProof(row) : null
}

/** The proofs that hang on one drill. */
export async function listProofs(db: Reader, drillId: string): Promise<ActionProof[]> {
  const rows = await db
    .selectFrom('action_proofs')
    .selectAll()
    .where('drill_id', '=', drillId)
    .orderBy('action_id')
    .execute()
  return rows.map(readProof)
}

function readProof(row: ActionProofsTable): ActionProof {
  return {
    actionId: row.action_id,
    state: row.state,
    drillId: row.drill_id,
    runId: row.run_id,
    reason: row.reason,
    concludedAt: row.concluded_at,
    provedAt: row.proved_at,
    alerted: row.alerted === 1,
    since: row.since,
  }
}

type Written = Omit<ActionProof, 'since'>

const values = (tx: Tx, proof: Written) => ({
  state: proof.state,
  drill_id: proof.drillId,
  run_id: proof.runId,
  reason: proof.reason,
  concluded_at: proof.concludedAt,
  proved_at: proof.provedAt,
  alerted: proof.alerted ? 1 : 0,
  since: tx.now,
})

/** Begins a proof, or begins it anew where the action was claimed again. */
export async function beginProof(tx: Tx, proof: Written): Promise<void> {
  const row = values(tx, proof)
  await tx.db
    .insertInto('action_proofs')
    .values({ action_id: proof.actionId, ...row })
    .onConflict((c) => c.column('action_id').doUpdateSet(row))
    .execute()
}

/** Moves a proof on from the state it was read in; false where another was faster. */
export async function moveProof(tx: Tx, from: ActionProof, to: Written): Promise<boolean> {
  const result = await tx.db
    .updateTable('action_proofs')
    .set(values(tx, to))
    .where('action_id', '=', from.actionId)
    .where('state', '=', from.state)
    .executeTakeFirst()
  return touched(result) > 0
}

export async function deleteProof(tx: Tx, actionId: string): Promise<void> {
  await tx.db.deleteFrom('action_proofs').where('action_id', '=', actionId).execute()
}
