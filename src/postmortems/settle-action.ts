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
  /** The run that decides; null only where a proof merely grew old. */
  drillRunId: string | null
  reason: string
}

export interface Settled {
  /** Whether the state of the action changed. */
  changed: boolean
  state: ActionState
  reason: SettleDecision['reason'] | 'raced'
}

/**
 * Lets the outcome of a drill decide an action: the only way to `proved`. For proofs/, in its own transaction.
 * Where the state does not allow it, nothing changes and the answer says why.
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
    if (input.drillRunId) await updateAction(tx, action.id, action.state, { drill_run_id: input.drillRunId })
    return { changed: false, state: action.state, reason: decision.reason }
  }
  const moved = await moveActionRow(tx, action.id, action.state, {
    state: decision.to,
    reason: input.reason,
    ...(decision.to === 'open' ? { claimed_by: null } : {}),
    ...(input.drillRunId ? { drill_run_id: input.drillRunId } : {}),
  })
  if (!moved) return { changed: false, state: action.state, reason: 'raced' }
  await tell(tx, world, actor, action, decision.told, input)
  if (decision.told === 'reopened') await reopenPostmortemIn(tx, world, actor, action.postmortemId)
  return { changed: true, state: decision.to, reason: decision.reason }
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
  { drillRunId, reason }: SettleActionInput,
): Promise<void> {
  const about = { subject: action.id, actor }
  const data = { actionId: action.id, drillRunId: drillRunId ?? '', reason }
  const fact =
    told === 'proved'
      ? await actionProved.append(tx, world, {
          ...about,
          data: { actionId: action.id, drillRunId: drillRunId ?? '' },
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
    text: `${SAID[told]}: ${action.title}${told === 'proved' ? '' : ` (${reason})`}`,
    factSeq: fact.seq,
  })
}
