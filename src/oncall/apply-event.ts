import { type Alert, findAlert, reopenAlertIn } from '../alerts/index.ts'
import { cancelTopic } from '../engine/outbox.ts'
import { cancelTimer, setTimer } from '../engine/timers.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { newId } from '../kit/ids.ts'
import { choosePolicy } from './choose-policy.ts'
import { type Decision, type EscalationEvent, escalate, NOT_STARTED } from './escalate.rules.ts'
import {
  insertEscalation,
  lockEscalation,
  type StoredEscalation,
  updateEscalation,
} from './escalation.rows.ts'
import {
  escalationAdvanced,
  escalationEnded,
  escalationLastResort,
  escalationReachedNobody,
  escalationStarted,
  pageCancelled,
} from './facts.ts'
import { loadRoster } from './load-roster.ts'
import { pagesOfAlert, settlePage } from './page.rows.ts'
import { alertTopic } from './page.ts'
import { pageFact, queuePages, queueResolved } from './queue-pages.ts'

/** The timer that drives escalations. */
export const ESCALATE = 'oncall.escalate'

/** The key of an alert's escalation timer. */
export function escalationTimer(alertId: string): string {
  return `escalation:${alertId}`
}

// These begin anew, so that the policy as it stands now counts; between them an escalation keeps its copy.
function beginsAnew(event: EscalationEvent, escalation: StoredEscalation): boolean {
  if (event.type === 'timer') return escalation.status === 'acknowledged'
  return event.type === 'unsilenced' || event.type === 'reopened' || event.type === 'audit-failed'
}

async function create(tx: Tx, world: World, actor: Actor, alert: Alert): Promise<StoredEscalation> {
  const policy = await choosePolicy(tx.db, alert)
  const fresh = {
    ...NOT_STARTED,
    id: newId(tx.now),
    alertId: alert.id,
    policyId: policy?.id ?? null,
    policy: policy?.spec ?? null,
    reason: 'started',
    startedAt: tx.now,
    endedAt: null,
    endReason: null,
  }
  if (await insertEscalation(tx, fresh))
    await escalationStarted.append(tx, world, {
      subject: alert.id,
      actor,
      data: {
        escalationId: fresh.id,
        alertId: alert.id,
        policyId: fresh.policyId,
        reason: policy ? 'policy-found' : 'no-policy',
      },
    })
  return (await lockEscalation(tx, world, alert.id))!
}

/** Whether what happened is the beginning of an escalation where none is yet. */
function mayCreate(event: EscalationEvent): boolean {
  return event.type === 'started' || event.type === 'acknowledged' || event.type === 'audit-failed'
}

/**
 * Hands an event to the state machine and carries out what it decides: rows, timer, pages and facts, in the
 * transaction of the caller. The only place where an escalation changes.
 */
export async function applyEvent(
  tx: Tx,
  world: World,
  actor: Actor,
  alertId: string,
  event: EscalationEvent,
): Promise<void> {
  const alert = await findAlert(tx.db, alertId)
  if (!alert) return
  let escalation = await lockEscalation(tx, world, alertId)
  const isNew = escalation === null
  if (!escalation) {
    if (!mayCreate(event)) return
    escalation = await create(tx, world, actor, alert)
  } else if (event.type === 'started') return
  if (!isNew && beginsAnew(event, escalation)) {
    const policy = await choosePolicy(tx.db, alert)
    escalation = { ...escalation, policyId: policy?.id ?? null, policy: policy?.spec ?? null }
  }
  const roster = await loadRoster(tx.db, escalation.policy, tx.now)
  const { standing, decisions, reason } = escalate(escalation, event, escalation.policy, roster, tx.now)
  if (decisions.length === 0 && standing.status === escalation.status) return
  const ended = standing.status === 'ended'
  const next = {
    ...escalation,
    ...standing,
    reason,
    endedAt: ended ? tx.now : null,
    endReason: ended ? reason : null,
  }
  if (!(await updateEscalation(tx, next))) throw new Error('an escalation changed while it was held')
  if (standing.waitingUntil === null) await cancelTimer(tx, escalationTimer(alertId))
  for (const decision of decisions) await carryOut(tx, world, actor, next, decision)
}

async function carryOut(
  tx: Tx,
  world: World,
  actor: Actor,
  escalation: StoredEscalation,
  decision: Decision,
): Promise<void> {
  const { id: escalationId, alertId } = escalation
  const about = { subject: alertId, actor }
  switch (decision.do) {
    case 'wait':
      await setTimer(tx, {
        key: escalationTimer(alertId),
        kind: ESCALATE,
        dueAt: decision.until,
        payload: { alertId },
      })
      return
    case 'page': {
      const { step, stepName, reason, people } = decision
      await escalationAdvanced.append(tx, world, {
        ...about,
        data: { escalationId, alertId, step, stepName, reason, reached: people.length },
      })
      await queuePages(tx, world, actor, escalation, decision)
      return
    }
    case 'reached-nobody': {
      const { step, stepName, reason } = decision
      await escalationReachedNobody.append(tx, world, {
        ...about,
        data: { escalationId, alertId, step, stepName, reason },
      })
      return
    }
    case 'last-resort':
      await escalationLastResort.append(tx, world, {
        ...about,
        data: { escalationId, alertId, reason: decision.reason },
      })
      return
    case 'cancel-pending':
      await cancelPending(tx, world, actor, alertId, decision.reason)
      return
    case 'reopen-alert':
      await reopenAlertIn(tx, world, actor, { alertId, reason: decision.reason })
      return
    case 'tell-resolved': {
      const pages = await pagesOfAlert(tx.db, alertId)
      await queueResolved(
        tx,
        world,
        actor,
        pages.filter((p) => p.kind === 'page' && p.state === 'sent'),
      )
      return
    }
    case 'end':
      await escalationEnded.append(tx, world, {
        ...about,
        data: { escalationId, alertId, reason: decision.reason },
      })
  }
}

/** Cancels what has not been handed over; what is being handed over asks again before it leaves. */
async function cancelPending(
  tx: Tx,
  world: World,
  actor: Actor,
  alertId: string,
  reason: string,
): Promise<void> {
  const keys = new Set(await cancelTopic(tx, alertTopic(alertId)))
  for (const page of await pagesOfAlert(tx.db, alertId)) {
    if (!keys.has(page.key) || !(await settlePage(tx, page.id, { state: 'cancelled', reason }))) continue
    await pageCancelled.append(tx, world, { subject: alertId, actor, data: pageFact(page, reason) })
  }
}
