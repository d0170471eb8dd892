/** The words of this room, most of them Atlassian Statuspage's, because other tools read them. */

/** From well to worst. */
export const COMPONENT_STATUSES = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const
export type ComponentStatus = (typeof COMPONENT_STATUSES)[number]

export const IMPACTS = ['none', 'minor', 'major', 'critical'] as const
export type Impact = (typeof IMPACTS)[number]

export const UPDATE_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const
export type UpdateStatus = (typeof UPDATE_STATUSES)[number]

/** A component as an update found it. */
export interface AffectedComponent {
  code: string
  name: string
  oldStatus: ComponentStatus
  newStatus: ComponentStatus
}

/** A public message. */
export interface Update {
  id: string
  incidentId: string
  status: UpdateStatus
  /** Markdown, without HTML. */
  body: string
  /** Who wrote it; shown inside only. */
  actor: string
  actorName: string
  automatic: boolean
  publishedAt: number
  affected: AffectedComponent[]
}

/** What the public knows of an incident. */
export interface PublicIncident {
  id: string
  title: string
  impact: Impact
  status: UpdateStatus
  serviceIds: string[]
  startedAt: number
  createdAt: number
  updatedAt: number
  monitoringAt: number | null
  resolvedAt: number | null
}

/** One day of a component; null where Tocsin did not know it yet. */
export interface ComponentDay {
  /** `2026-01-31`, UTC. */
  day: string
  status: ComponentStatus | null
}

/** A component: a service with the audience `public`. */
export interface Component {
  id: string
  name: string
  description: string
  status: ComponentStatus
  createdAt: number
  updatedAt: number
  position: number
  days: ComponentDay[]
  /** Share of the known time without an outage, 0 to 1; null where nothing is known. */
  availability: number | null
}

/** An incident on the page, without who wrote what. */
export interface PageIncident extends PublicIncident {
  /** The newest first. */
  updates: PageUpdate[]
  /** Its post-mortem, where one was published. */
  document: PageDocument | null
}

/** A longer text at an incident, as the public reads it. */
export interface PageDocument {
  title: string
  /** Markdown, without HTML. */
  body: string
  publishedAt: number
  firstPublishedAt: number
}

export interface PageUpdate {
  id: string
  status: UpdateStatus
  body: string
  publishedAt: number
  affected: AffectedComponent[]
}

/** Planned work on public components. */
export interface PageMaintenance {
  id: string
  name: string
  status: 'scheduled' | 'in_progress' | 'completed'
  from: number
  to: number
  serviceIds: string[]
}

export type Indicator = 'none' | 'minor' | 'major' | 'critical' | 'maintenance'

/** Everything that the public page shows, and nothing else: what is not in here cannot leak. */
export interface PageSnapshot {
  id: string
  generatedAt: number
  page: { id: string; name: string; description: string; url: string }
  overall: { indicator: Indicator; description: string }
  components: Component[]
  /** The newest first. */
  incidents: PageIncident[]
  maintenances: PageMaintenance[]
}

/** Days of the bar of each component. */
export const BAR_DAYS = 90
/** Days of incidents that the page lists. */
export const PAST_DAYS = 14
