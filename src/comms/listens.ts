import { alertChanged, alertOpened, alertResolved, findAlert } from '../alerts/index.ts'
import { catalogConfigured, findService } from '../catalog/index.ts'
import type { FactType } from '../engine/facts.ts'
import { type HeardFact, type Listener, on } from '../engine/room.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import {
  findIncidentHead,
  incidentAlertJoined,
  incidentChanged,
  incidentOpened,
  incidentSeverityChanged,
  incidentStateChanged,
} from '../incidents/index.ts'
import { maintenanceChanged, maintenancePassed, monitorConfigured } from '../monitors/index.ts'
import { decideAutoUpdate, type IncidentTurn } from './auto-update.rules.ts'
import { impactOf } from './component-status.rules.ts'
import {
  componentStatus,
  findPublicIncident,
  putPublicIncident,
  readStatusPageSettings,
} from './public-page.rows.ts'
import { publicServicesOf, publishUpdateIn } from './publish-update.ts'
import { refreshComponent, refreshComponents } from './refresh-components.ts'
import { requestPublication } from './request-publication.ts'

const actor = systemActor('comms')

async function refresh(tx: Tx, world: World, serviceIds: readonly (string | null)[]): Promise<void> {
  let changed = false
  for (const serviceId of serviceIds)
    if (serviceId !== null && (await refreshComponent(tx, serviceId))?.changed) changed = true
  if (changed) await requestPublication(tx, world)
}

async function turn(tx: Tx, world: World, incidentId: string, what: IncidentTurn): Promise<void> {
  const incident = await findIncidentHead(tx.db, incidentId)
  if (!incident) return
  await refresh(tx, world, incident.serviceIds)
  const known = await findPublicIncident(tx.db, incidentId)
  const services = await publicServicesOf(tx, incident)
  const decision = decideAutoUpdate(what, {
    automatic: (await readStatusPageSettings(tx.db)).autoPublish,
    services: services.map((service) => service.name),
    status: known?.status ?? null,
  })
  if (decision.outcome !== 'publish') return
  const { status, body } = decision
  await publishUpdateIn(tx, world, actor, { incidentId, status, body }, true)
}

// Nothing that belongs to a drill reaches the public (invariant 7).
function live<Data>(
  type: FactType<Data>,
  handle: (tx: Tx, world: World, data: Data) => Promise<void>,
): HeardFact {
  return on(type, async (tx, world, fact) => {
    if (!fact.drill) await handle(tx, world, fact.data)
  })
}

// Planned work shows on the page also where it changes no component, because it lies ahead.
const allAnew = async (tx: Tx, world: World) => {
  await refreshComponents(tx)
  await requestPublication(tx, world)
}

const ofAlert = async (tx: Tx, world: World, { alertId }: { alertId: string }) =>
  refresh(tx, world, [(await findAlert(tx.db, alertId))?.serviceId ?? null])

/** What comms/ hears: all that changes how a public service stands, or what the public should be told. */
export const commsListener: Listener = {
  name: 'comms',
  hears: [
    live(monitorConfigured, (tx, world, { serviceId }) => refresh(tx, world, [serviceId])),
    live(maintenanceChanged, allAnew),
    live(maintenancePassed, allAnew),
    live(alertOpened, async (tx, world, { serviceId }) => {
      // One more alert never makes it better: in a storm, the worst state needs no second look.
      if (serviceId === null || (await componentStatus(tx.db, serviceId)) === 'major_outage') return
      await refresh(tx, world, [serviceId])
    }),
    live(alertChanged, ofAlert),
    live(alertResolved, ofAlert),
    live(catalogConfigured, async (tx, world, { noun, id }) => {
      if (noun !== 'service') return
      const service = await findService(tx.db, id)
      await refresh(tx, world, [id])
      // Also a new name, and a service that is public no longer, must show.
      if (service) await requestPublication(tx, world)
    }),
    live(incidentOpened, (tx, world, { incidentId }) => turn(tx, world, incidentId, 'opened')),
    // An alert of another service may make an incident one that the public should know of.
    live(incidentAlertJoined, async (tx, world, { incidentId }) => {
      if (!(await findPublicIncident(tx.db, incidentId))) await turn(tx, world, incidentId, 'opened')
    }),
    live(incidentStateChanged, async (tx, world, { incidentId, from, to }) => {
      if (to === 'believed-resolved' || to === 'resolved') return turn(tx, world, incidentId, to)
      if (from === 'believed-resolved' || from === 'resolved') return turn(tx, world, incidentId, 'reopened')
    }),
    live(incidentSeverityChanged, async (tx, world, { incidentId, to }) => {
      const known = await findPublicIncident(tx.db, incidentId)
      if (!known) return
      await putPublicIncident(tx, { ...known, impact: impactOf(to), updatedAt: tx.now })
      await refresh(tx, world, known.serviceIds)
      await requestPublication(tx, world)
    }),
    live(incidentChanged, async (tx, world, { incidentId, changes }) => {
      if (changes.some(({ what }) => what === 'services')) await turn(tx, world, incidentId, 'opened')
    }),
  ],
}
