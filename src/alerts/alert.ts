/** From the least to the most urgent. */
export const SEVERITIES = ['warning', 'critical'] as const
export type AlertSeverity = (typeof SEVERITIES)[number]

/** Open until a human acknowledges or it resolves; an acknowledged alert may open again, a resolved one never. */
export const ALERT_STATES = ['open', 'acknowledged', 'resolved'] as const
export type AlertState = (typeof ALERT_STATES)[number]

/** What raised it. */
export const ALERT_SOURCES = ['monitor', 'proof', 'engine', 'manual'] as const
export type AlertSource = (typeof ALERT_SOURCES)[number]

/** How an acknowledgement came in. */
export const ACKNOWLEDGED_VIA = ['link', 'api', 'browser', 'cli'] as const
export type AcknowledgedVia = (typeof ACKNOWLEDGED_VIA)[number]

/** Something that may need a human. */
export interface Alert {
  id: string
  dedupKey: string
  title: string
  summary: string
  severity: AlertSeverity
  /** Why it stands as it does. */
  reason: string
  state: AlertState
  serviceId: string | null
  monitorId: string | null
  source: AlertSource
  /** The escalation policy it asks for; null leaves the choice to the service. */
  policyId: string | null
  /** When what it is about began. */
  beganAt: number
  /** When it opened: what is known to be so. */
  openedAt: number
  changedAt: number
  acknowledgedAt: number | null
  acknowledgedBy: string | null
  acknowledgedName: string | null
  acknowledgedVia: AcknowledgedVia | null
  resolvedAt: number | null
  resolvedBy: string | null
  resolvedReason: string | null
  /** The silence in force over it, or null. */
  silenceId: string | null
  version: number
}
