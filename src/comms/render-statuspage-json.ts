import { iso, isoOrNull } from '../kit/clock.ts'
import { UPDATE_LABELS } from './page-parts.ts'
import type { Component, PageIncident, PageMaintenance, PageSnapshot, PageUpdate } from './status-page.ts'

const NEWEST = 50

function page({ page, generatedAt }: PageSnapshot) {
  return { id: page.id, name: page.name, url: page.url, time_zone: 'Etc/UTC', updated_at: iso(generatedAt) }
}

function componentJson(snapshot: PageSnapshot, one: Component) {
  return {
    id: one.id,
    name: one.name,
    status: one.status,
    created_at: iso(one.createdAt),
    updated_at: iso(one.updatedAt),
    position: one.position,
    description: one.description || null,
    showcase: false,
    start_date: one.days.find((day) => day.status !== null)?.day ?? null,
    group_id: null,
    page_id: snapshot.page.id,
    group: false,
    only_show_if_degraded: false,
  }
}

function updateJson(incidentId: string, update: PageUpdate) {
  return {
    id: update.id,
    status: update.status,
    body: update.body,
    incident_id: incidentId,
    created_at: iso(update.publishedAt),
    updated_at: iso(update.publishedAt),
    display_at: iso(update.publishedAt),
    affected_components: update.affected.map(({ code, name, oldStatus, newStatus }) => ({
      code,
      name,
      old_status: oldStatus,
      new_status: newStatus,
    })),
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  }
}

function componentsOf(snapshot: PageSnapshot, serviceIds: readonly string[]) {
  return snapshot.components
    .filter(({ id }) => serviceIds.includes(id))
    .map((one) => componentJson(snapshot, one))
}

/** The public address of an incident. */
export function incidentUrl(snapshot: PageSnapshot, incidentId: string): string {
  return `${snapshot.page.url}/incidents/${encodeURIComponent(incidentId)}.html`
}

function incidentJson(snapshot: PageSnapshot, incident: PageIncident) {
  return {
    id: incident.id,
    name: incident.title,
    status: incident.status,
    created_at: iso(incident.createdAt),
    updated_at: iso(incident.updatedAt),
    monitoring_at: isoOrNull(incident.monitoringAt),
    resolved_at: isoOrNull(incident.resolvedAt),
    impact: incident.impact,
    shortlink: incidentUrl(snapshot, incident.id),
    started_at: iso(incident.startedAt),
    page_id: snapshot.page.id,
    incident_updates: incident.updates.map((update) => updateJson(incident.id, update)),
    components: componentsOf(snapshot, incident.serviceIds),
  }
}

function maintenanceJson(snapshot: PageSnapshot, work: PageMaintenance) {
  return {
    id: work.id,
    name: work.name,
    status: work.status,
    created_at: iso(work.from),
    updated_at: iso(work.from),
    monitoring_at: null,
    resolved_at: work.status === 'completed' ? iso(work.to) : null,
    impact: 'maintenance',
    shortlink: snapshot.page.url,
    started_at: iso(work.from),
    page_id: snapshot.page.id,
    incident_updates: [],
    components: componentsOf(snapshot, work.serviceIds),
    scheduled_for: iso(work.from),
    scheduled_until: iso(work.to),
  }
}

/** Every file under `api/v2/`, by its path, in the shape that readers of Statuspage pages know. */
export function renderStatuspageJson(snapshot: PageSnapshot): Record<string, object> {
  const head = { page: page(snapshot) }
  const unresolved = snapshot.incidents.filter(({ status }) => status !== 'resolved')
  const works = (which: PageMaintenance[]) => which.map((work) => maintenanceJson(snapshot, work))
  const of = (status: PageMaintenance['status']) =>
    snapshot.maintenances.filter((work) => work.status === status)
  const incidents = (which: PageIncident[]) => which.map((incident) => incidentJson(snapshot, incident))
  const components = snapshot.components.map((one) => componentJson(snapshot, one))
  const status = snapshot.overall
  return {
    'summary.json': {
      ...head,
      components,
      incidents: incidents(unresolved),
      scheduled_maintenances: works([...of('in_progress'), ...of('scheduled')]),
      status,
    },
    'status.json': { ...head, status },
    'components.json': { ...head, components },
    'incidents.json': { ...head, incidents: incidents(snapshot.incidents.slice(0, NEWEST)) },
    'incidents/unresolved.json': { ...head, incidents: incidents(unresolved) },
    'scheduled-maintenances.json': { ...head, scheduled_maintenances: works(snapshot.maintenances) },
    'scheduled-maintenances/upcoming.json': { ...head, scheduled_maintenances: works(of('scheduled')) },
    'scheduled-maintenances/active.json': { ...head, scheduled_maintenances: works(of('in_progress')) },
  }
}

/** `[Resolved] Problem with Documentation`. */
export function updateTitle(incident: PageIncident, update: PageUpdate): string {
  return `[${UPDATE_LABELS[update.status]}] ${incident.title}`
}
