import { z } from 'zod'
import { slug } from '../contract/route.ts'
import { MINUTE, parseDuration } from '../kit/duration.ts'
import { SEVERITIES } from './incident.ts'

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write it like 10m or 1h30m` })
  return z.NEVER
})

const rule = z.strictObject({
  severity: z.enum(SEVERITIES),
  when: z.strictObject({
    alertSeverity: z.enum(['critical', 'warning']),
    /** Only for these; without it, for every service. */
    services: z.array(slug).min(1).optional(),
  }),
})

/** The section `incidents` of the configuration file. */
export const incidentsConfig = z.strictObject({
  /** The first rule that matches an alert decides; an empty list leaves the opening to people. */
  rules: z.array(rule).default([{ severity: 'SEV2', when: { alertSeverity: 'critical' } }]),
  /** How long all must stay quiet before "believed resolved" becomes "resolved". */
  believedResolvedFor: duration.default(10 * MINUTE),
})
export type IncidentsConfig = z.output<typeof incidentsConfig>
export type IncidentRule = IncidentsConfig['rules'][number]

/** What holds before any configuration was applied. */
export const INCIDENT_DEFAULTS: IncidentsConfig = incidentsConfig.parse({})
