import type { Reader } from '../store/store.ts'
import { stepName } from './escalate.rules.ts'
import { escalationsOf, type StoredEscalation } from './escalation.rows.ts'

/** What happens to an alert if nobody acts, and when. */
export interface NextOfAlert {
  what: string
  at: number
}

function next(escalation: StoredEscalation): NextOfAlert | null {
  const { policy, status, phase, round, step, waitingUntil: at } = escalation
  if (at === null) return null
  if (status === 'acknowledged') return { what: 'paged anew, unless it is resolved', at }
  if (status !== 'running') return null
  if (phase !== 'steps' || policy === null) return { what: 'the last resort is paged again', at }
  if (step + 1 < policy.steps.length) return { what: `${stepName(policy, 'steps', step + 1)} is paged`, at }
  if (round < policy.repeat) return { what: `${stepName(policy, 'steps', 0)} is paged again`, at }
  return { what: 'the last resort is paged', at }
}

/** What happens next to each of these alerts, by alert. */
export async function nextOfAlerts(
  db: Reader,
  alertIds: readonly string[],
): Promise<Map<string, NextOfAlert>> {
  const answer = new Map<string, NextOfAlert>()
  for (const [alertId, escalation] of await escalationsOf(db, alertIds)) {
    const found = next(escalation)
    if (found) answer.set(alertId, found)
  }
  return answer
}
