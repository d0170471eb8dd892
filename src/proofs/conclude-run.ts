import { type Actor, systemActor, type Tx, type World } from '../engine/world.ts'
import { type DrillRun, endRun } from './drill.rows.ts'
import type { Conclusion } from './drill.ts'
import { drillFailed, drillInconclusive, drillPassed } from './facts.ts'
import { saveScore } from './fault-score.rows.ts'
import { tally } from './judge-faults.rules.ts'
import { settleActionsIn } from './settle-action.ts'

const FACTS = { passed: drillPassed, failed: drillFailed, inconclusive: drillInconclusive }

/** Ends a run: its evidence, the scores of the monitor, the fact, and the action it proves are one transaction. */
export async function conclude(world: World, run: DrillRun, conclusion: Conclusion, tx?: Tx): Promise<void> {
  const actor = systemActor('proofs')
  if (tx) return concludeIn(tx, world, actor, run, conclusion)
  await world.transact((own) => concludeIn(own, world, actor, run, conclusion))
}

async function concludeIn(
  tx: Tx,
  world: World,
  actor: Actor,
  run: DrillRun,
  conclusion: Conclusion,
): Promise<void> {
  if (!(await endRun(tx, run.id, conclusion))) return
  const faults = conclusion.evidence.faults ?? []
  // What was seen beside a control that failed says nothing about the monitor.
  const believable = conclusion.reason !== 'control-failed'
  if (believable)
    for (const fault of faults) await saveScore(tx, fault.monitorId ?? run.monitorId, run.id, fault)
  await FACTS[conclusion.outcome].append(tx, world, {
    subject: run.drillId,
    actor,
    data: {
      runId: run.id,
      monitorId: run.monitorId,
      actionId: run.actionId,
      reason: conclusion.reason,
      summary: conclusion.summary,
      ...tally(faults),
    },
  })
  await settleActionsIn(tx, world, actor, run, conclusion)
}
