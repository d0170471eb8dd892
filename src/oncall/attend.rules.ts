import type { Alert } from '../alerts/index.ts'
import type { EscalationEvent } from './escalate.rules.ts'
import type { Escalation } from './escalation.ts'

/**
 * What the escalation has missed, given where the alert is now. A fact may be heard late, after an
 * acknowledgement has overtaken it: so what counts is how the alert stands, not which fact told of it.
 */
export function attend(
  alert: Pick<Alert, 'state' | 'silenceId'>,
  escalation: Pick<Escalation, 'status'> | null,
): EscalationEvent | null {
  const silenced = alert.silenceId !== null
  if (!escalation) {
    if (alert.state === 'open') return { type: 'started', silenced }
    // Acknowledged before on-call heard of it: that it is not forgotten still has to be watched.
    return alert.state === 'acknowledged' ? { type: 'acknowledged' } : null
  }
  switch (alert.state) {
    case 'resolved':
      return escalation.status === 'ended' ? null : { type: 'resolved' }
    case 'acknowledged':
      return escalation.status === 'running' || escalation.status === 'silenced'
        ? { type: 'acknowledged' }
        : null
    case 'open':
      if (escalation.status === 'acknowledged') return { type: 'reopened', silenced }
      if (silenced) return escalation.status === 'running' ? { type: 'silenced' } : null
      return escalation.status === 'silenced' ? { type: 'unsilenced' } : null
  }
}
