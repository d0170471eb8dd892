import { formatDuration } from '../kit/duration.ts'
import type { Incident } from './incident.ts'

/** The six times, in the order in which they should come. */
export const TIME_NAMES = [
  'impact start',
  'detected',
  'declared',
  'acknowledged',
  'mitigated',
  'resolved',
] as const
export type TimeName = (typeof TIME_NAMES)[number]

export interface IncidentTime {
  name: TimeName
  /** Null: not recorded. */
  at: number | null
}

export type MetricName = 'TTD' | 'TTA' | 'TTM' | 'TTR'

export interface IncidentMetric {
  name: MetricName
  /** Null unless recorded. */
  ms: number | null
  /** Shown beside the number, because the field means different things by the same letters. */
  formula: string
  status: 'recorded' | 'not recorded' | 'invalid'
  /** Why there is no number; empty when there is one. */
  why: string
  /** The number for people: `12m 4s`, or `not recorded`. */
  text: string
}

export interface IncidentTimes {
  times: IncidentTime[]
  metrics: IncidentMetric[]
}

type Known = Pick<
  Incident,
  'impactStartedAt' | 'detectedAt' | 'declaredAt' | 'acknowledgedAt' | 'mitigatedAt' | 'resolvedAt'
> & { alerts: readonly { openedAt: number }[] }

function metric(
  name: MetricName,
  from: [string, number | null],
  to: [string, number | null],
): IncidentMetric {
  const formula = `${name} = ${from[0]} → ${to[0]}`
  const missing = [from, to].filter(([, at]) => at === null).map(([what]) => what)
  if (from[1] === null || to[1] === null)
    return {
      name,
      ms: null,
      formula,
      status: 'not recorded',
      why: `${missing.join(' and ')} not recorded`,
      text: 'not recorded',
    }
  const ms = to[1] - from[1]
  if (ms < 0)
    return {
      name,
      ms: null,
      formula,
      status: 'invalid',
      why: `${to[0]} lies before ${from[0]}`,
      text: 'invalid',
    }
  return { name, ms, formula, status: 'recorded', why: '', text: formatDuration(ms) }
}

/** The six times and the durations between them; what is missing stays missing and is never counted as zero. */
export function incidentTimes(incident: Known): IncidentTimes {
  const impact: [string, number | null] = ['impact start', incident.impactStartedAt]
  const opened = incident.alerts.map((alert) => alert.openedAt)
  const firstAlert: [string, number | null] = ['first alert', opened.length > 0 ? Math.min(...opened) : null]
  const at: Record<TimeName, number | null> = {
    'impact start': incident.impactStartedAt,
    detected: incident.detectedAt,
    declared: incident.declaredAt,
    acknowledged: incident.acknowledgedAt,
    mitigated: incident.mitigatedAt,
    resolved: incident.resolvedAt,
  }
  return {
    times: TIME_NAMES.map((name) => ({ name, at: at[name] })),
    metrics: [
      metric('TTD', impact, ['detected', incident.detectedAt]),
      metric('TTA', firstAlert, ['acknowledged', incident.acknowledgedAt]),
      metric('TTM', impact, ['mitigated', incident.mitigatedAt]),
      metric('TTR', impact, ['resolved', incident.resolvedAt]),
    ],
  }
}
