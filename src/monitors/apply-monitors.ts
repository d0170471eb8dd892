import type { Actor, Tx, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import type { MaintenanceEntry, MonitorsConfig } from './config.ts'
import { maintenanceChanged } from './facts.ts'
import { settleMaintenanceIn } from './keep-maintenance.ts'
import { allMaintenance, deleteMaintenance, upsertMaintenance } from './maintenance.rows.ts'
import type { Maintenance } from './maintenance.rules.ts'
import { allMonitors } from './monitors.rows.ts'
import { monitorFrom, removeStored, storeChanged, storeNew } from './store-monitor.ts'

/** What a configuration did to the monitors. */
export interface Applied {
  created: string[]
  changed: string[]
  removed: string[]
}

/**
 * Makes the monitors and maintenance windows that the file manages what the file says. What is known of a
 * monitor that stays is kept; those that people manage are left alone, and their ids are refused.
 */
export async function applyMonitorsConfig(
  tx: Tx,
  world: World,
  actor: Actor,
  config: MonitorsConfig,
): Promise<Applied> {
  const stored = new Map((await allMonitors(tx.db)).map((monitor) => [monitor.id, monitor]))
  const applied: Applied = { created: [], changed: [], removed: [] }
  for (const [id, entry] of Object.entries(config.monitors)) {
    const before = stored.get(id) ?? null
    if (before?.managedBy === 'api') throw taken('monitors', id, 'monitor')
    const monitor = monitorFrom(id, entry, null, before, tx.now)
    if (!before) {
      await storeNew(tx, world, actor, monitor)
      applied.created.push(id)
    } else if (await storeChanged(tx, world, actor, monitor, before)) applied.changed.push(id)
  }
  for (const monitor of stored.values()) {
    if (monitor.managedBy === 'api' || Object.hasOwn(config.monitors, monitor.id)) continue
    await removeStored(tx, world, actor, monitor)
    applied.removed.push(monitor.id)
  }
  await applyMaintenance(tx, world, actor, config.maintenance)
  await settleMaintenanceIn(tx, world)
  return applied
}

async function applyMaintenance(
  tx: Tx,
  world: World,
  actor: Actor,
  entries: Record<string, MaintenanceEntry>,
): Promise<void> {
  const stored = new Map((await allMaintenance(tx.db)).map((maintenance) => [maintenance.id, maintenance]))
  const tell = (id: string, name: string, change: 'planned' | 'changed' | 'removed') =>
    maintenanceChanged.append(tx, world, { subject: id, actor, data: { maintenanceId: id, name, change } })
  for (const [id, entry] of Object.entries(entries)) {
    const before = stored.get(id)
    if (before?.managedBy === 'api') throw taken('maintenance', id, 'maintenance')
    const after: Maintenance = {
      id,
      name: entry.name ?? id,
      monitors: entry.monitors,
      services: entry.services,
      when:
        'cron' in entry
          ? { cron: entry.cron, duration: entry.duration, timezone: entry.timezone }
          : { from: entry.from, to: entry.to },
      managedBy: 'file',
      endedAt: null,
    }
    if (before && canonicalJson(before) === canonicalJson(after)) continue
    await upsertMaintenance(tx.db, after, tx.now)
    await tell(id, after.name, before ? 'changed' : 'planned')
  }
  for (const { id, name, managedBy } of stored.values()) {
    if (managedBy === 'api' || Object.hasOwn(entries, id)) continue
    await deleteMaintenance(tx.db, id)
    await tell(id, name, 'removed')
  }
}

function taken(section: string, id: string, noun: string): TocsinError {
  return new TocsinError('duplicate', `The ${noun} "${id}" exists already and is managed by people.`, [
    {
      path: `${section}.${id}`,
      message: 'it exists already',
      remedy: 'Choose another key, or remove that one first.',
    },
  ])
}
