import { listAlerts } from '../alerts/index.ts'
import { findService, listServices } from '../catalog/index.ts'
import type { Tx } from '../engine/world.ts'
import { countAlerts } from '../incidents/index.ts'
import { listMonitors } from '../monitors/index.ts'
import { decideComponent, speaksToThePublic } from './component-status.rules.ts'
import { underMaintenance } from './planned-work.ts'
import {
  componentStatus,
  insertComponentChange,
  listUnresolvedPublic,
  readStatusPageSettings,
} from './public-page.rows.ts'
import type { ComponentStatus } from './status-page.ts'

const ALERTS_LOOKED_AT = 500

/** Works out how a service stands in public and records a change; null where it is not public. */
export async function refreshComponent(
  tx: Tx,
  serviceId: string,
): Promise<{ status: ComponentStatus; changed: boolean } | null> {
  const service = await findService(tx.db, serviceId)
  if (service?.audience !== 'public' || service.removedAt !== null) return null
  const alerts = await listAlerts(tx.db, { state: 'unresolved', serviceId, limit: ALERTS_LOOKED_AT })
  const incidents = []
  for (const incident of await listUnresolvedPublic(tx.db)) {
    if (!incident.serviceIds.includes(serviceId)) continue
    incidents.push({
      impact: incident.impact,
      status: incident.status,
      hasAlerts: (await countAlerts(tx.db, incident.id, serviceId)).linked > 0,
    })
  }
  const monitors = (await listMonitors(tx.db, { serviceId })).filter((monitor) => monitor.enabled)
  const verdicts = new Map(monitors.map((monitor) => [monitor.id, monitor.state.verdict]))
  const { status } = decideComponent({
    automatic: (await readStatusPageSettings(tx.db)).autoPublish,
    maintenance: await underMaintenance(tx.db, serviceId, tx.now),
    alerts: alerts.items.filter((alert) =>
      speaksToThePublic(alert, verdicts.get(alert.monitorId ?? '') ?? null),
    ),
    monitors,
    incidents,
  })
  const before = await componentStatus(tx.db, serviceId)
  if (before === status) return { status, changed: false }
  await insertComponentChange(tx, serviceId, status)
  return { status, changed: true }
}

/** The same for every public service. */
export async function refreshComponents(tx: Tx): Promise<boolean> {
  let changed = false
  for (const service of await listServices(tx.db))
    if (service.audience === 'public' && (await refreshComponent(tx, service.id))?.changed) changed = true
  return changed
}
