import type { IncidentRule } from './config.ts'
import type { IncidentState, Severity } from './incident.ts'

/** An alert as far as the opening of incidents is concerned. */
export interface OpeningAlert {
  severity: 'critical' | 'warning'
  serviceId: string | null
  source: string
  silenced: boolean
  drill: boolean
  /** It belongs to an incident already. */
  linked: boolean
}

export type OpeningDecision =
  | { outcome: 'open'; severity: Severity; reason: 'rule-matched' }
  | { outcome: 'join'; reopens: boolean; reason: 'service-has-open-incident' }
  | {
      outcome: 'ignore'
      reason: 'drill' | 'silenced' | 'no-service' | 'not-an-outage' | 'no-rule' | 'linked-already'
    }

/** Whether an alert opens an incident, joins the open one of its service, or neither. */
export function decideOpening(
  alert: OpeningAlert,
  openIncident: { state: IncidentState } | null,
  rules: readonly IncidentRule[],
): OpeningDecision {
  if (alert.drill) return { outcome: 'ignore', reason: 'drill' }
  if (alert.linked) return { outcome: 'ignore', reason: 'linked-already' }
  if (alert.silenced) return { outcome: 'ignore', reason: 'silenced' }
  // A refuted proof is work to do, not a service that fails.
  if (alert.source === 'proof') return { outcome: 'ignore', reason: 'not-an-outage' }
  if (alert.serviceId === null) return { outcome: 'ignore', reason: 'no-service' }
  if (openIncident)
    return {
      outcome: 'join',
      reopens: openIncident.state === 'believed-resolved',
      reason: 'service-has-open-incident',
    }
  const rule = rules.find(
    ({ when }) =>
      when.alertSeverity === alert.severity && (!when.services || when.services.includes(alert.serviceId!)),
  )
  if (!rule) return { outcome: 'ignore', reason: 'no-rule' }
  return { outcome: 'open', severity: rule.severity, reason: 'rule-matched' }
}
