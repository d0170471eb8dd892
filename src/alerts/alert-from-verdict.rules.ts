import type { Alert, AlertSeverity } from './alert.ts'

/** What a monitor says now. */
export interface VerdictChange {
  to: 'up' | 'degraded' | 'down' | 'unknown'
  /** The monitor is new or begins anew: nothing has been seen of it, and nothing is wrong yet. */
  begins: boolean
  /** A planned maintenance covers the monitor. */
  maintenance: boolean
}

export type VerdictReason =
  | 'monitor-down'
  | 'monitor-degraded'
  | 'not-being-checked'
  | 'recovered'
  | 'maintenance'
  | 'begun-anew'
  | 'nothing-open'

export type VerdictOutcome =
  | { outcome: 'raise'; reason: VerdictReason; severity: AlertSeverity }
  | { outcome: 'resolve'; reason: VerdictReason }
  | { outcome: 'nothing'; reason: VerdictReason }

const RAISED = {
  down: { reason: 'monitor-down', severity: 'critical' },
  degraded: { reason: 'monitor-degraded', severity: 'warning' },
  unknown: { reason: 'not-being-checked', severity: 'warning' },
} as const

/** The key under which a monitor's alerts are one. */
export function monitorKey(monitorId: string): string {
  return `monitor:${monitorId}`
}

/** What a monitor's verdict does to its alert. */
export function alertFromVerdict(
  change: VerdictChange,
  open: Pick<Alert, 'severity'> | null,
): VerdictOutcome {
  if (change.to === 'up')
    return open ? { outcome: 'resolve', reason: 'recovered' } : { outcome: 'nothing', reason: 'nothing-open' }
  // What was open told of what the monitor was before.
  if (change.begins)
    return open ? { outcome: 'resolve', reason: 'begun-anew' } : { outcome: 'nothing', reason: 'begun-anew' }
  if (change.maintenance) return { outcome: 'nothing', reason: 'maintenance' }
  const { reason, severity } = RAISED[change.to]
  // Not seeing a thing that was down does not make it better.
  if (change.to === 'unknown' && open) return { outcome: 'raise', reason, severity: open.severity }
  return { outcome: 'raise', reason, severity }
}
