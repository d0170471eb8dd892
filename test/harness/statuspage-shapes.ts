/** What readers of Statuspage expect, file by file. */
import { z } from 'zod'

// The shape of the real thing, strictly: a key too many or too few is a difference that some reader trips over.
const instant = z.iso.datetime()
const pageShape = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  url: z.url(),
  time_zone: z.literal('Etc/UTC'),
  updated_at: instant,
})
const componentShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum([
    'operational',
    'degraded_performance',
    'partial_outage',
    'major_outage',
    'under_maintenance',
  ]),
  created_at: instant,
  updated_at: instant,
  position: z.int().positive(),
  description: z.string().nullable(),
  showcase: z.boolean(),
  start_date: z.iso.date().nullable(),
  group_id: z.null(),
  page_id: z.string(),
  group: z.literal(false),
  only_show_if_degraded: z.boolean(),
})
const updateShape = z.strictObject({
  id: z.string(),
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
  body: z.string(),
  incident_id: z.string(),
  created_at: instant,
  updated_at: instant,
  display_at: instant,
  affected_components: z.array(
    z.strictObject({ code: z.string(), name: z.string(), old_status: z.string(), new_status: z.string() }),
  ),
  deliver_notifications: z.boolean(),
  custom_tweet: z.null(),
  tweet_id: z.null(),
})
const incidentKeys = {
  id: z.string(),
  name: z.string(),
  created_at: instant,
  updated_at: instant,
  monitoring_at: instant.nullable(),
  resolved_at: instant.nullable(),
  shortlink: z.url(),
  started_at: instant,
  page_id: z.string(),
  incident_updates: z.array(updateShape),
  components: z.array(componentShape),
}
const incidentShape = z.strictObject({
  ...incidentKeys,
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved', 'postmortem']),
  impact: z.enum(['none', 'minor', 'major', 'critical']),
})
const maintenanceShape = z.strictObject({
  ...incidentKeys,
  status: z.enum(['scheduled', 'in_progress', 'verifying', 'completed']),
  impact: z.literal('maintenance'),
  scheduled_for: instant,
  scheduled_until: instant,
})
const statusShape = z.strictObject({
  indicator: z.enum(['none', 'minor', 'major', 'critical', 'maintenance']),
  description: z.string().min(1),
})
/** Every file under `api/v2/`, by its path. */
export const STATUSPAGE_SHAPES: Record<string, z.ZodType> = {
  'summary.json': z.strictObject({
    page: pageShape,
    components: z.array(componentShape),
    incidents: z.array(incidentShape),
    scheduled_maintenances: z.array(maintenanceShape),
    status: statusShape,
  }),
  'status.json': z.strictObject({ page: pageShape, status: statusShape }),
  'components.json': z.strictObject({ page: pageShape, components: z.array(componentShape) }),
  'incidents.json': z.strictObject({ page: pageShape, incidents: z.array(incidentShape) }),
  'incidents/unresolved.json': z.strictObject({ page: pageShape, incidents: z.array(incidentShape) }),
  'scheduled-maintenances.json': z.strictObject({
    page: pageShape,
    scheduled_maintenances: z.array(maintenanceShape),
  }),
  'scheduled-maintenances/upcoming.json': z.strictObject({
    page: pageShape,
    scheduled_maintenances: z.array(maintenanceShape),
  }),
  'scheduled-maintenances/active.json': z.strictObject({
    page: pageShape,
    scheduled_maintenances: z.array(maintenanceShape),
  }),
}
