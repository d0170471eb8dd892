import { z } from 'zod'
import { type Alert, findAlert } from '../alerts/index.ts'
import { id } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { backfillAlert } from './backfill-timeline.ts'
import { incidentAlertJoined } from './facts.ts'
import type { Incident, LinkedAlert } from './incident.ts'
import { addService, countAlerts, insertAlert, updateAlert } from './incident-parts.rows.ts'
import { findIncident, findIncidentHead, incidentOfAlert, setFirstAcknowledgement } from './incidents.rows.ts'
import { moveStateIn } from './move-state.ts'
import { insertEntry } from './timeline.rows.ts'

const joinAlertInput = z.strictObject({ incidentId: id, alertId: id })
export type JoinAlertInput = z.input<typeof joinAlertInput>

function linked(alert: Alert): LinkedAlert {
  return {
    alertId: alert.id,
    serviceId: alert.serviceId,
    monitorId: alert.monitorId,
    severity: alert.severity,
    title: alert.title,
    openedAt: alert.openedAt,
    acknowledgedAt: alert.acknowledgedAt,
    resolvedAt: alert.resolvedAt,
  }
}

/** Puts an alert to an incident by hand. */
export async function joinAlert(world: World, actor: Actor, input: JoinAlertInput): Promise<Incident> {
  authorize(actor, 'responder')
  return world.transact(async (tx) => {
    await joinAlertIn(tx, world, actor, input)
    return (await findIncident(tx.db, input.incidentId))!
  })
}

/**
 * Puts an alert to an incident, with what the log knows about it. An unresolved one re-opens an incident that
 * was believed resolved.
 */
export async function joinAlertIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: JoinAlertInput,
  upToSeq?: number,
): Promise<void> {
  authorize(actor, 'responder')
  const { incidentId, alertId } = parseInput(joinAlertInput, input)
  const incident = await findIncidentHead(tx.db, incidentId)
  if (!incident) throw notFound('incident', incidentId)
  if (incident.state === 'closed')
    throw new TocsinError('wrong-state', 'The incident is closed: open another one, and link the two.')
  const alert = await findAlert(tx.db, alertId)
  if (!alert) throw notFound('alert', alertId)
  if (!(await insertAlert(tx, incidentId, linked(alert)))) {
    const other = await incidentOfAlert(tx.db, alertId)
    if (other === incidentId) return
    throw new TocsinError('duplicate', `The alert belongs to the incident ${other} already.`)
  }
  if (alert.serviceId) await addService(tx, incidentId, alert.serviceId)
  const reopens = incident.state === 'believed-resolved' && alert.resolvedAt === null
  const fact = await incidentAlertJoined.append(tx, world, {
    subject: incidentId,
    actor,
    data: { incidentId, alertId, reopens },
  })
  // The fact waited for those before it, and those after it will find the link: only now nothing is missed.
  const now = linked((await findAlert(tx.db, alertId))!)
  await updateAlert(tx, alertId, {
    acknowledged_at: now.acknowledgedAt,
    resolved_at: now.resolvedAt,
    severity: now.severity,
  })
  await backfillAlert(tx, incidentId, now, upToSeq)
  if (now.acknowledgedAt !== null) await setFirstAcknowledgement(tx, incidentId, now.acknowledgedAt)
  // The alert that began the incident is told by its own entry.
  if ((await countAlerts(tx.db, incidentId)).linked > 1 || incident.declaredAt !== tx.now)
    await insertEntry(tx, {
      incidentId,
      happenedAt: tx.now,
      kind: 'alert',
      text: `Alert joined the incident: ${alert.title}`,
      actor: actor.id,
      actorName: actor.name,
      factSeq: fact.seq,
    })
  if (reopens && now.resolvedAt === null)
    await moveStateIn(tx, world, actor, incident, 'declared', 'alert-opened-again')
}
