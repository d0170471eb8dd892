import type { Incident, IncidentState } from './incident.ts'

const WAYS: Record<IncidentState, readonly IncidentState[]> = {
  declared: ['mitigated', 'believed-resolved', 'resolved'],
  mitigated: ['declared', 'believed-resolved', 'resolved'],
  'believed-resolved': ['declared', 'mitigated', 'resolved'],
  resolved: ['declared', 'closed'],
  closed: [],
}

export type StateDecision =
  | { outcome: 'move'; reopens: boolean; reason: 'allowed' }
  | { outcome: 'refuse'; reason: 'already-there' | 'closed-is-final' | 'resolve-first' | 'not-from-here' }

/** Whether an incident may go from one state to another, and whether that counts as a re-opening. */
export function decideMove(from: IncidentState, to: IncidentState): StateDecision {
  if (from === to) return { outcome: 'refuse', reason: 'already-there' }
  if (from === 'closed') return { outcome: 'refuse', reason: 'closed-is-final' }
  if (to === 'closed' && from !== 'resolved') return { outcome: 'refuse', reason: 'resolve-first' }
  if (!WAYS[from].includes(to)) return { outcome: 'refuse', reason: 'not-from-here' }
  const wasOver = from === 'believed-resolved' || from === 'resolved'
  return { outcome: 'move', reopens: wasOver && (to === 'declared' || to === 'mitigated'), reason: 'allowed' }
}

/** The times that change with a move; what turned out to be untrue is taken back, never kept as a figure. */
export function timesAfterMove(
  incident: Pick<Incident, 'state' | 'since' | 'mitigatedAt' | 'resolvedAt' | 'closedAt'>,
  to: IncidentState,
  at: number,
): Pick<Incident, 'mitigatedAt' | 'resolvedAt' | 'closedAt'> {
  const { mitigatedAt, resolvedAt, closedAt } = incident
  if (to === 'declared') return { mitigatedAt: null, resolvedAt: null, closedAt: null }
  if (to === 'mitigated') return { mitigatedAt: mitigatedAt ?? at, resolvedAt: null, closedAt: null }
  if (to === 'believed-resolved') return { mitigatedAt, resolvedAt: null, closedAt: null }
  // It has been well since the watch began, not since the watch ended.
  if (to === 'resolved')
    return {
      mitigatedAt,
      resolvedAt: incident.state === 'believed-resolved' ? incident.since : at,
      closedAt: null,
    }
  return { mitigatedAt, resolvedAt, closedAt: closedAt ?? at }
}

export type QuietDecision =
  | {
      outcome: 'move'
      to: 'believed-resolved' | 'resolved'
      reason: 'all-alerts-resolved' | 'watch-period-passed'
    }
  | { outcome: 'watch-anew'; reason: 'all-alerts-resolved' }
  | { outcome: 'stay'; reason: 'alerts-open' | 'no-alerts' | 'state-moved-on' }

type Quiet = Pick<Incident, 'state'> & { alerts: { linked: number; open: number } }

/** After an alert was resolved: is the incident believed to be over? */
export function decideAfterResolve(incident: Quiet): QuietDecision {
  if (incident.state === 'resolved' || incident.state === 'closed')
    return { outcome: 'stay', reason: 'state-moved-on' }
  if (incident.alerts.linked === 0) return { outcome: 'stay', reason: 'no-alerts' }
  if (incident.alerts.open > 0) return { outcome: 'stay', reason: 'alerts-open' }
  // A person believed it while an alert still stood: only from now on is it quiet.
  if (incident.state === 'believed-resolved') return { outcome: 'watch-anew', reason: 'all-alerts-resolved' }
  return { outcome: 'move', to: 'believed-resolved', reason: 'all-alerts-resolved' }
}

/** After the watch period: is the incident over? */
export function decideAfterWatch(incident: Quiet): QuietDecision {
  if (incident.state !== 'believed-resolved') return { outcome: 'stay', reason: 'state-moved-on' }
  if (incident.alerts.open > 0) return { outcome: 'stay', reason: 'alerts-open' }
  return { outcome: 'move', to: 'resolved', reason: 'watch-period-passed' }
}
