import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { recordEntryIn } from '../incidents/index.ts'
import { notFound } from '../kit/errors.ts'
import { decideSettlement, type SettleDecision, type Settlement } from './action-state.rules.ts'
import { reopenPostmortemIn } from './change-postmortem-state.ts'
import { actionProved, actionRefuted, actionReopened, actionStale } from './facts.ts'
import type { Action, ActionState } from './postmortem.ts'
import { findAction, findPostmortem, moveActionRow, updateAction } from './postmortems.rows.ts'

export interface SettleActionInput {
  actionId: string
  outcome: Settlement
  /** The run that decides; null where evidence does, or a proof merely grew old. */
  drillRunId: string | null
  /** Evidence other than a drill, where that decides. */
  evidence?: { id: string; kind: string; until: number }
  reason: string
}

export interface Settled {
  /** Whether the state of the action changed. */
  changed: boolean
  state: ActionState
  reason: SettleDecision['reason'] | 'raced'
}

/**
 * Lets the outcome of a drill, or of other evidence, decide an action: the only way to `proved`. For proofs/, in its
 * own transaction; the database refuses a proof that is not there. Where the state does not allow it, nothing changes and the answer says why.
 */
export async function settleActionIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: SettleActionInput,
): Promise<Settled> {
  authorize(actor, 'administrator')
  const action = await findAction(tx.db, input.actionId)
  if (!action) throw notFound('action', input.actionId)
  const decision = decideSettlement(action.state, input.outcome)
  if (decision.outcome === 'refuse') return { changed: false, state: action.state, reason: decision.reason }
  if (decision.outcome === 'stay') {
    const { drillRunId } = input
    const run = drillRunId ? { drill_run_id: drillRunId } : {}
    const grounds = { ...run, ...(input.outcome === 'proved' ? proofOf(input) : {}) }
    if (Object.keys(grounds).length > 0) await updateAction(tx, action.id, action.state, grounds)
    return { changed: false, state: action.state, reason: decision.reason }
  }
  const moved = await moveActionRow(tx, action.id, action.state, {
    state: decision.to,
    reason: input.reason,
    ...(decision.to === 'open' ? { claimed_by: null } : {}),
    ...(input.drillRunId ? { drill_run_id: input.drillRunId } : {}),
    ...(decision.to === 'proved' ? proofOf(input) : {}),
  })
  if (!moved) return { changed: false, state: action.state, reason: 'raced' }
  await tell(tx, world, actor, action, decision.told, input)
  if (decision.told === 'reopened') await reopenPostmortemIn(tx, world, actor, action.postmortemId)
  return { changed: true, state: decision.to, reason: decision.reason }
}

function proofOf({ evidence }: SettleActionInput) {
  return evidence
    ? { proof_id: evidence.id, proved_by: evidence.kind, proof_until: evidence.until }
    : { proof_id: null, proved_by: 'drill', proof_until: null }
}

const SAID: Record<Settlement, string> = {
  proved: 'Action proved',
  refuted: 'Action refuted',
  reopened: 'Action open again: its proof failed',
  stale: 'The proof of the action is too old',
}

async function tell(
  tx: Tx,
  world: World,
  actor: Actor,
  action: Action,
  told: Settlement,
  { drillRunId, evidence, reason }: SettleActionInput,
): Promise<void> {
  const about = { subject: action.id, actor }
  const data = { actionId: action.id, drillRunId: drillRunId ?? '', reason }
  const fact =
    told === 'proved'
      ? await actionProved.append(tx, world, {
          ...about,
          data: { actionId: action.id, drillRunId: drillRunId ?? '', by: evidence?.kind ?? 'drill' },
        })
      : told === 'refuted'
        ? await actionRefuted.append(tx, world, { ...about, data })
        : told === 'reopened'
          ? await actionReopened.append(tx, world, { ...about, data })
          : await actionStale.append(tx, world, { ...about, data: { actionId: action.id, reason } })
  const postmortem = await findPostmortem(tx.db, action.postmortemId)
  if (!postmortem?.incidentId) return
  await recordEntryIn(tx, world, actor, {
    incidentId: postmortem.incidentId,
    kind: 'action',
    text: `${SAID[told]}: ${action.title}${told === 'proved' && !evidence ? '' : ` (${reason})`}`,
    factSeq: fact.seq,
  })
}
