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

function hear<Data>(
  type: FactType<Data>,
  handle: (tx: Tx, world: World, data: Data) => Promise<void>,
): HeardFact {
  return on(type, (tx, world, fact) => handle(tx, world, fact.data))
}

// Nothing that belongs to a drill reaches the public (invariant 7).
function live({ type, handle }: HeardFact): HeardFact {
  return {
    type,
    handle: async (tx, world, fact) => {
      if (!fact.drill) await handle(tx, world, fact)
    },
  }
}

// Planned work shows on the page also where it changes no component, because it lies ahead.
const allAnew = async (tx: Tx, world: World) => {
  await refreshComponents(tx)
  await requestPublication(tx, world)
}

const ofAlert = async (tx: Tx, world: World, { alertId }: { alertId: string }) =>
  refresh(tx, world, [(await findAlert(tx.db, alertId))?.serviceId ?? null])

/** What comms/ hears: all that changes how a public service stands, or what the public should be told. */
const heard: HeardFact[] = [
  hear(monitorConfigured, (tx, world, { serviceId }) => refresh(tx, world, [serviceId])),
  hear(maintenanceChanged, allAnew),
  hear(maintenancePassed, allAnew),
  hear(alertOpened, async (tx, world, { serviceId }) => {
    // One more alert never makes it better: in a storm, the worst state needs no second look.
    if (serviceId === null || (await componentStatus(tx.db, serviceId)) === 'major_outage') return
    await refresh(tx, world, [serviceId])
  }),
  hear(alertChanged, ofAlert),
  hear(alertResolved, ofAlert),
  hear(catalogConfigured, async (tx, world, { noun, id }) => {
    if (noun !== 'service') return
    const service = await findService(tx.db, id)
    await refresh(tx, world, [id])
    // Also a new name, and a service that is public no longer, must show.
    if (service) await requestPublication(tx, world)
  }),
  hear(incidentOpened, (tx, world, { incidentId }) => turn(tx, world, incidentId, 'opened')),
  // An alert of another service may make an incident one that the public should know of.
  hear(incidentAlertJoined, async (tx, world, { incidentId }) => {
    if (!(await findPublicIncident(tx.db, incidentId))) await turn(tx, world, incidentId, 'opened')
  }),
  hear(incidentStateChanged, async (tx, world, { incidentId, from, to }) => {
    if (to === 'believed-resolved' || to === 'resolved') return turn(tx, world, incidentId, to)
    if (from === 'believed-resolved' || from === 'resolved') return turn(tx, world, incidentId, 'reopened')
  }),
  hear(incidentSeverityChanged, async (tx, world, { incidentId, to }) => {
    const known = await findPublicIncident(tx.db, incidentId)
    if (!known) return
    await putPublicIncident(tx, { ...known, impact: impactOf(to), updatedAt: tx.now })
    await refresh(tx, world, known.serviceIds)
    await requestPublication(tx, world)
  }),
  hear(incidentChanged, async (tx, world, { incidentId, changes }) => {
    if (changes.some(({ what }) => what === 'services')) await turn(tx, world, incidentId, 'opened')
  }),
]

/** A replica decides what would be said, in its own store; it has nowhere to publish it. */
export const commsListener = ({ inReplica = false } = {}): Listener => ({
  name: 'comms',
  hears: inReplica ? heard : heard.map(live),
})
