import {
  COMPONENT_STATUSES,
  type ComponentStatus,
  type Impact,
  type Indicator,
  type UpdateStatus,
} from './status-page.ts'

export interface ComponentInputs {
  /** Whether alerts speak for themselves, or only what people publish. */
  automatic: boolean
  /** Planned work is going on. */
  maintenance: boolean
  /** Unresolved alerts of the service. */
  alerts: readonly { severity: 'critical' | 'warning'; monitorId: string | null }[]
  /** Its monitors. */
  monitors: readonly { id: string }[]
  /** Unresolved public incidents that name it. */
  incidents: readonly { impact: Impact; status: UpdateStatus; hasAlerts: boolean }[]
}

/**
 * Whether an unresolved alert says anything about the service itself. A lost proof, a fault of Tocsin's own, or a
 * monitor that cannot look are matters of the team: unknown is not degraded.
 */
export function speaksToThePublic(
  alert: { source: string; severity: 'critical' | 'warning' },
  verdict: 'up' | 'degraded' | 'down' | 'unknown' | null,
): boolean {
  if (alert.source === 'proof' || alert.source === 'engine') return false
  return alert.severity === 'critical' || verdict !== 'unknown'
}

export interface ComponentDecision {
  status: ComponentStatus
  reason: 'maintenance' | 'critical-alert' | 'some-monitors-down' | 'warning-alert' | 'incident' | 'quiet'
}

const OF_IMPACT: Record<Impact, ComponentStatus> = {
  none: 'operational',
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
}

function rank(status: ComponentStatus): number {
  return COMPONENT_STATUSES.indexOf(status)
}

/** The worse of two. */
export function worse(a: ComponentStatus, b: ComponentStatus): ComponentStatus {
  return rank(a) >= rank(b) ? a : b
}

function fromAlerts({ alerts, monitors }: ComponentInputs): ComponentDecision {
  const critical = alerts.filter((alert) => alert.severity === 'critical')
  if (critical.length === 0)
    return alerts.length > 0
      ? { status: 'degraded_performance', reason: 'warning-alert' }
      : { status: 'operational', reason: 'quiet' }
  const down = new Set(critical.map((alert) => alert.monitorId))
  // An alert that no monitor raised speaks for the whole service.
  const someStandUp = !down.has(null) && monitors.some((monitor) => !down.has(monitor.id))
  return someStandUp
    ? { status: 'partial_outage', reason: 'some-monitors-down' }
    : { status: 'major_outage', reason: 'critical-alert' }
}

/** How a component stands, and why. */
export function decideComponent(inputs: ComponentInputs): ComponentDecision {
  if (inputs.maintenance) return { status: 'under_maintenance', reason: 'maintenance' }
  const alerts: ComponentDecision = inputs.automatic
    ? fromAlerts(inputs)
    : { status: 'operational', reason: 'quiet' }
  const said = inputs.incidents
    .filter(({ status }) => status === 'investigating' || status === 'identified')
    // Where alerts speak, they say better than the severity how bad it is now.
    .filter(({ hasAlerts }) => !(inputs.automatic && hasAlerts))
    .map(({ impact }) => OF_IMPACT[impact])
    .reduce(worse, 'operational')
  return rank(said) > rank(alerts.status) ? { status: said, reason: 'incident' } : alerts
}

const OVERALL: Record<ComponentStatus, { indicator: Indicator; description: string }> = {
  operational: { indicator: 'none', description: 'All Systems Operational' },
  under_maintenance: { indicator: 'maintenance', description: 'Service Under Maintenance' },
  degraded_performance: { indicator: 'minor', description: 'Partially Degraded Service' },
  partial_outage: { indicator: 'major', description: 'Partial System Outage' },
  major_outage: { indicator: 'critical', description: 'Major Service Outage' },
}

/**
 * The headline of the page: its worst component, or an unresolved incident that is worse. An incident that names
 * components speaks through them, which may have recovered already; one that names none speaks for itself.
 */
export function decideOverall(
  components: readonly ComponentStatus[],
  incidents: readonly { impact: Impact; status: UpdateStatus; serviceIds: readonly string[] }[],
): { indicator: Indicator; description: string } {
  const said = incidents
    .filter(({ status }) => status === 'investigating' || status === 'identified')
    .filter(({ serviceIds }) => serviceIds.length === 0)
    .map(({ impact }) => OF_IMPACT[impact])
  return OVERALL[[...components, ...said].reduce(worse, 'operational')]
}

/** The impact that the public is told for a severity. */
export function impactOf(severity: 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4'): Impact {
  return ({ SEV1: 'critical', SEV2: 'major', SEV3: 'minor', SEV4: 'none' } as const)[severity]
}
