import {
  type Alert,
  alertAcknowledged,
  alertChanged,
  alertOpened,
  alertResolved,
  alertUnsilenced,
  findAlert,
} from '../alerts/index.ts'
import { findService } from '../catalog/index.ts'
import { toName } from '../contract/route.ts'
import type { Fact } from '../engine/facts.ts'
import { type HeardFact, type Listener, on } from '../engine/room.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import { verdictChanged } from '../monitors/index.ts'
import { happenedAt, troubleBefore } from './backfill-timeline.ts'
import { TOLD_TYPES } from './describe-fact.rules.ts'
import { countAlerts, readSettings, updateAlert } from './incident-parts.rows.ts'
import {
  findIncidentHead,
  incidentOfAlert,
  openIncidentOf,
  openIncidentsAround,
  setFirstAcknowledgement,
} from './incidents.rows.ts'
import { joinAlertIn } from './join-alert.ts'
import { moveStateIn, watchAnewIn } from './move-state.ts'
import { openIncidentIn } from './open-incident.ts'
import { decideOpening } from './opening.rules.ts'
import { decideAfterResolve } from './state.rules.ts'
import { tellFact } from './write-entry.ts'

const actor = systemActor('incidents')

// Nothing that belongs to a drill may open an incident or stand in the timeline of one (invariant 7).
function live(heard: HeardFact): HeardFact {
  return {
    type: heard.type,
    handle: async (tx, world, fact) => {
      if (!fact.drill) await heard.handle(tx, world, fact)
    },
  }
}

async function consider(tx: Tx, world: World, alert: Alert, upToSeq: number): Promise<void> {
  const open = alert.serviceId === null ? null : await openIncidentOf(tx.db, alert.serviceId)
  const decision = decideOpening(
    {
      severity: alert.severity,
      serviceId: alert.serviceId,
      source: alert.source,
      silenced: alert.silenceId !== null,
      drill: false,
      linked: (await incidentOfAlert(tx.db, alert.id)) !== null,
    },
    open,
    (await readSettings(tx.db)).rules,
  )
  if (decision.outcome === 'join')
    await joinAlertIn(tx, world, actor, { incidentId: open!.id, alertId: alert.id }, upToSeq)
  if (decision.outcome === 'open') await openByRule(tx, world, alert, decision.severity, upToSeq)
}

async function openByRule(
  tx: Tx,
  world: World,
  alert: Alert,
  severity: 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4',
  upToSeq: number,
): Promise<void> {
  const service = await findService(tx.db, alert.serviceId!)
  // The service went away between the alert and its hearing: nobody depends on it any more.
  if (!service) return
  const { impactStart } = await troubleBefore(tx, alert)
  await openIncidentIn(
    tx,
    world,
    actor,
    {
      title: toName(`${service.name}: ${alert.title}`),
      severity,
      serviceIds: [service.id],
      detection: alert.source === 'manual' ? 'person' : 'monitor',
      impactStart: impactStart === null ? null : Math.min(impactStart, alert.openedAt),
      detectedAt: alert.openedAt,
      alertId: alert.id,
    },
    'opened-by-rule',
    upToSeq,
  )
}

async function considerById(tx: Tx, world: World, alertId: string, upToSeq: number): Promise<void> {
  const alert = await findAlert(tx.db, alertId)
  if (alert) await consider(tx, world, alert, upToSeq)
}

async function tellAboutAlert(tx: Tx, _world: World, fact: Fact<unknown>): Promise<void> {
  const { alertId } = fact.data as { alertId?: string }
  const incidentId = alertId ? await incidentOfAlert(tx.db, alertId) : null
  if (incidentId) await tellFact(tx, incidentId, fact)
}

const toldOfAlerts: HeardFact[] = TOLD_TYPES.filter((type) => type !== verdictChanged.type).map((type) => ({
  type,
  handle: tellAboutAlert as HeardFact['handle'],
}))

const decided: HeardFact[] = [
  on(alertOpened, (tx, world, { data, seq }) => considerById(tx, world, data.alertId, seq)),
  // A silence that ends, or a warning that turns critical, may call for an incident after all.
  on(alertUnsilenced, (tx, world, { data, seq }) => considerById(tx, world, data.alertId, seq)),
  on(alertChanged, async (tx, world, { data, seq }) => {
    await updateAlert(tx, data.alertId, { severity: data.severity })
    await considerById(tx, world, data.alertId, seq)
  }),
  on(alertAcknowledged, async (tx, _world, { data, at }) => {
    const incidentId = await incidentOfAlert(tx.db, data.alertId)
    if (!incidentId) return
    await updateAlert(tx, data.alertId, { acknowledged_at: at })
    await setFirstAcknowledgement(tx, incidentId, at)
  }),
  on(alertResolved, async (tx, world, { data, at }) => {
    const incidentId = await incidentOfAlert(tx.db, data.alertId)
    if (!incidentId) return
    await updateAlert(tx, data.alertId, { resolved_at: at })
    const incident = (await findIncidentHead(tx.db, incidentId))!
    const decision = decideAfterResolve({
      state: incident.state,
      alerts: await countAlerts(tx.db, incidentId),
    })
    if (decision.outcome === 'move')
      await moveStateIn(tx, world, actor, incident, decision.to, decision.reason)
    if (decision.outcome === 'watch-anew') await watchAnewIn(tx, world, actor, incident, decision.reason)
  }),
]

const verdicts = on(verdictChanged, async (tx, _world, fact) => {
  const { monitorId, serviceId } = fact.data
  for (const incidentId of await openIncidentsAround(tx.db, monitorId, serviceId ?? ''))
    await tellFact(tx, incidentId, fact, happenedAt(fact))
})

/**
 * What incidents/ hears. Of one fact the telling comes before the deciding, so that the timeline reads in the
 * order of cause and effect. A replica has incidents of its own, which nobody outside it ever sees.
 */
export const incidentsListener = ({ inReplica = false } = {}): Listener => {
  const hears = [verdicts, ...toldOfAlerts, ...decided]
  return { name: 'incidents', hears: inReplica ? hears : hears.map(live) }
}
