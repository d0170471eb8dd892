import { openAlertIn, resolveAlertIn } from '../alerts/index.ts'
import { type Actor, systemActor, type Tx, type World } from '../engine/world.ts'
import { findMonitor } from '../monitors/index.ts'
import { findAction, settleActionIn } from '../postmortems/index.ts'
import { type ActionProof, deleteProof, findProof, listProofs, moveProof } from './action-proof.rows.ts'
import type { Drill, DrillRun } from './drill.rows.ts'
import type { Conclusion } from './drill.ts'
import { type Settlement, settleByDrill, settleByRemoval, settleByTime } from './settle-action.rules.ts'

const SAID: Partial<Record<Settlement['reason'], string>> = {
  'not-proved-since': 'No drill has said yes or no for two periods.',
  'drill-removed': 'Its drill was removed.',
}

// One failed or impossible repetition is no reason to doubt a proof; two periods without any are.
const STALE_AFTER_PERIODS = 2

/** The alert about the broken proof of one action. */
export const proofAlertKey = (actionId: string) => `proof:${actionId}`

/** What a finished run means for every action that its drill is to prove. Unclaimed actions have no proof yet. */
export async function settleActionsIn(
  tx: Tx,
  world: World,
  actor: Actor,
  run: DrillRun,
  conclusion: Conclusion,
): Promise<void> {
  const concluded = conclusion.outcome !== 'inconclusive'
  for (const proof of await listProofs(tx.db, run.drillId)) {
    // A run that had begun before the claim saw things as they were then; the claim has asked for its own.
    if (proof.state === 'awaiting' && run.startedAt !== null && run.startedAt < proof.since) continue
    const settlement = settleByDrill({ ...proof, staleAfterMs: null }, conclusion.outcome, tx.now)
    await settle(tx, world, actor, proof, settlement, {
      runId: concluded ? run.id : proof.runId,
      concludedAt: concluded ? tx.now : proof.concludedAt,
      monitorId: run.monitorId,
      summary: conclusion.summary,
    })
  }
}

/** Marks the proofs of a drill stale that could not be repeated for too long. */
export async function settleStaleIn(tx: Tx, world: World, drill: Drill): Promise<void> {
  const staleAfterMs = drill.everyMs === null ? null : STALE_AFTER_PERIODS * drill.everyMs
  await settleWithoutRun(tx, world, drill, (proof) => settleByTime({ ...proof, staleAfterMs }, tx.now))
}

/** Marks the proofs of a drill stale because it was removed. */
export async function settleRemovedIn(tx: Tx, world: World, drill: Drill): Promise<void> {
  await settleWithoutRun(tx, world, drill, settleByRemoval)
}

async function settleWithoutRun(
  tx: Tx,
  world: World,
  drill: Drill,
  decide: (proof: ActionProof) => Settlement | null,
): Promise<void> {
  for (const proof of await listProofs(tx.db, drill.id)) {
    const settlement = decide(proof)
    if (!settlement) continue
    const { runId, concludedAt } = proof
    const grounds = {
      runId,
      concludedAt,
      monitorId: drill.monitorId,
      summary: SAID[settlement.reason] ?? settlement.reason,
    }
    await settle(tx, world, systemActor('proofs'), proof, settlement, grounds)
  }
}

interface Grounds {
  runId: string | null
  concludedAt: number | null
  monitorId: string
  summary: string
}

async function settle(
  tx: Tx,
  world: World,
  actor: Actor,
  proof: ActionProof,
  settlement: Settlement,
  { runId, concludedAt, monitorId, summary }: Grounds,
): Promise<void> {
  const { state, reason, action: outcome } = settlement
  if (outcome !== null) {
    const { actionId } = proof
    const settled = await settleActionIn(tx, world, actor, {
      actionId,
      outcome,
      drillRunId: runId,
      reason: summary,
    })
    // A person was faster: an action that was dropped or taken back is not ours to move.
    if (['not-claimed', 'dropped', 'not-proved', 'raced'].includes(settled.reason)) return
  }
  const alerted = settlement.alert === null ? proof.alerted : settlement.alert === 'open'
  const provedAt = state === 'proved' && concludedAt === tx.now ? tx.now : proof.provedAt
  const next = { ...proof, state, reason, runId, concludedAt, provedAt, alerted }
  if (!(await moveProof(tx, proof, next))) throw new Error(`the proof of ${proof.actionId} moved meanwhile`)
  if (settlement.alert === 'resolve') await resolveProofAlert(tx, world, actor, proof.actionId, reason)
  if (settlement.alert === 'open') {
    const monitor = await findMonitor(tx.db, monitorId)
    const action = await findAction(tx.db, proof.actionId)
    await openAlertIn(tx, world, actor, {
      dedupKey: proofAlertKey(proof.actionId),
      title: `A lesson is lost: ${action?.title ?? proof.actionId}`,
      summary: `The drill ${proof.drillId} had proved this action and fails now, so it is open again. ${summary}`,
      severity: 'warning',
      reason,
      serviceId: monitor?.serviceId ?? null,
      // Not the monitor's own alert: it says nothing about how the service is.
      monitorId: null,
      source: 'proof',
    })
  }
}

/** Forgets the proof of an action that a person dropped or took back, and ends its alert. */
export async function forgetProofIn(tx: Tx, world: World, actor: Actor, actionId: string): Promise<void> {
  const proof = await findProof(tx.db, actionId)
  if (!proof) {
    // Evidence that is no drill leaves no row here, but may have left an alert.
    await resolveProofAlert(tx, world, actor, actionId, 'action-withdrawn')
    return
  }
  await deleteProof(tx, actionId)
  if (proof.alerted) await resolveProofAlert(tx, world, actor, actionId, 'action-withdrawn')
}

async function resolveProofAlert(
  tx: Tx,
  world: World,
  actor: Actor,
  actionId: string,
  reason: string,
): Promise<void> {
  await resolveAlertIn(tx, world, actor, { dedupKey: proofAlertKey(actionId), reason })
}
