import { listServices } from '../catalog/index.ts'
import { DAY } from '../kit/duration.ts'
import { allMaintenance, allMonitors, listMonitors, type Maintenance, standingOf } from '../monitors/index.ts'
import type { Reader } from '../store/store.ts'
import { listNames } from './auto-update.rules.ts'
import { PAST_DAYS, type PageMaintenance } from './status-page.ts'

/** Whether a maintenance is one of the whole service, and not only of some of its monitors. */
function covers(maintenance: Maintenance, serviceId: string, monitorIds: readonly string[]): boolean {
  if (maintenance.services.includes(serviceId)) return true
  return monitorIds.length > 0 && monitorIds.every((id) => maintenance.monitors.includes(id))
}

/** Whether planned work on the service is going on. */
export async function underMaintenance(db: Reader, serviceId: string, now: number): Promise<boolean> {
  const running = (await allMaintenance(db)).filter((one) => standingOf(one, now).state === 'running')
  if (running.length === 0) return false
  const monitors = (await listMonitors(db, { serviceId })).map((monitor) => monitor.id)
  return running.some((maintenance) => covers(maintenance, serviceId, monitors))
}

const STATUS = { planned: 'scheduled', running: 'in_progress', over: 'completed' } as const

/**
 * Planned work on public components, the earliest first. Its own name may speak of hosts and people; what is
 * shown is made of the names of the components.
 */
export async function plannedWork(db: Reader, now: number): Promise<PageMaintenance[]> {
  const all = await allMaintenance(db)
  if (all.length === 0) return []
  const services = (await listServices(db)).filter(({ audience }) => audience === 'public')
  const monitorsOf = Map.groupBy(await allMonitors(db), (monitor) => monitor.serviceId)
  const works: PageMaintenance[] = []
  for (const maintenance of all) {
    const touched = services.filter(({ id }) =>
      covers(
        maintenance,
        id,
        (monitorsOf.get(id) ?? []).map((monitor) => monitor.id),
      ),
    )
    if (touched.length === 0) continue
    const { state, from, to } = standingOf(maintenance, now)
    if (state === 'over' && to < now - PAST_DAYS * DAY) continue
    works.push({
      id: maintenance.id,
      name: `Planned work on ${listNames(touched.map(({ name }) => name))}`,
      status: STATUS[state],
      from,
      to,
      serviceIds: touched.map(({ id }) => id),
    })
  }
  return works.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
}
