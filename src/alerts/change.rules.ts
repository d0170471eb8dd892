import { type Alert, type AlertSeverity, SEVERITIES } from './alert.ts'

export type ChangeReason = 'worsened' | 'eased' | 'detail-changed' | 'same'

export interface ChangeOutcome {
  outcome: 'change' | 'nothing'
  reason: ChangeReason
  /** An acknowledged alert calls for a human again. */
  reopens: boolean
}

/**
 * What raising an alert again under the same key does to it. Who acknowledged a warning did not acknowledge
 * that it became critical: a rise in severity opens the alert again.
 */
export function changeOf(
  alert: Pick<Alert, 'state' | 'severity' | 'title' | 'summary' | 'reason'>,
  next: { severity: AlertSeverity; title: string; summary: string; reason: string },
): ChangeOutcome {
  const rise = SEVERITIES.indexOf(next.severity) - SEVERITIES.indexOf(alert.severity)
  if (rise > 0) return { outcome: 'change', reason: 'worsened', reopens: alert.state === 'acknowledged' }
  if (rise < 0) return { outcome: 'change', reason: 'eased', reopens: false }
  const same = next.title === alert.title && next.summary === alert.summary && next.reason === alert.reason
  if (same) return { outcome: 'nothing', reason: 'same', reopens: false }
  return { outcome: 'change', reason: 'detail-changed', reopens: false }
}
