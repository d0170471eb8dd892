import { z } from 'zod'
import { id, name } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { incidentChanged, incidentSeverityChanged } from './facts.ts'
import { DETECTIONS, INCIDENT_STATES, type Incident, SEVERITIES } from './incident.ts'
import { replaceServices } from './incident-parts.rows.ts'
import { findIncident, updateIncident } from './incidents.rows.ts'
import { moveStateIn } from './move-state.ts'
import { inFuture, requireServices } from './open-incident.ts'
import { insertEntry } from './timeline.rows.ts'

const time = z.number().int().positive().nullable().optional()
const changeIncidentInput = z.strictObject({
  incidentId: id,
  title: name.optional(),
  severity: z.enum(SEVERITIES).optional(),
  state: z.enum(INCIDENT_STATES).optional(),
  detection: z.enum(DETECTIONS).optional(),
  serviceIds: z.array(id).max(50).optional(),
  /** Recorded times, milliseconds; null takes one back to "not recorded". */
  impactStart: time,
  detectedAt: time,
  acknowledgedAt: time,
  mitigatedAt: time,
  resolvedAt: time,
})
export type ChangeIncidentInput = z.input<typeof changeIncidentInput>

const TIMES = [
  ['impactStart', 'impactStartedAt', 'impact_started_at', 'impact start'],
  ['detectedAt', 'detectedAt', 'detected_at', 'detected'],
  ['acknowledgedAt', 'acknowledgedAt', 'acknowledged_at', 'acknowledged'],
  ['mitigatedAt', 'mitigatedAt', 'mitigated_at', 'mitigated'],
  ['resolvedAt', 'resolvedAt', 'resolved_at', 'resolved'],
] as const

/** Changes state, severity, title, services, way of detection or recorded times; each leaves its entry. */
export async function changeIncident(
  world: World,
  actor: Actor,
  input: ChangeIncidentInput,
): Promise<Incident> {
  authorize(actor, 'responder')
  const given = parseInput(changeIncidentInput, input)
  return world.transact(async (tx) => {
    const incident = await findIncident(tx.db, given.incidentId)
    if (!incident) throw notFound('incident', given.incidentId)
    // The state first: it sets times of its own, which a time given in the same request then corrects.
    if (given.state && given.state !== incident.state)
      await moveStateIn(tx, world, actor, incident, given.state, 'changed-by-person')
    if (given.severity && given.severity !== incident.severity)
      await changeSeverity(tx, world, actor, incident, given.severity)
    await changeRest(tx, world, actor, (await findIncident(tx.db, incident.id))!, given)
    return (await findIncident(tx.db, incident.id))!
  })
}

async function changeSeverity(
  tx: Tx,
  world: World,
  actor: Actor,
  incident: Incident,
  to: Incident['severity'],
): Promise<void> {
  await updateIncident(tx, incident.id, { severity: to })
  const fact = await incidentSeverityChanged.append(tx, world, {
    subject: incident.id,
    actor,
    data: { incidentId: incident.id, from: incident.severity, to },
  })
  await insertEntry(tx, {
    incidentId: incident.id,
    happenedAt: tx.now,
    kind: 'severity',
    text: `Severity changed from ${incident.severity} to ${to}`,
    actor: actor.id,
    actorName: actor.name,
    factSeq: fact.seq,
  })
}

async function changeRest(
  tx: Tx,
  world: World,
  actor: Actor,
  incident: Incident,
  given: z.output<typeof changeIncidentInput>,
): Promise<void> {
  const changes: { what: string; from: string | null; to: string | null }[] = []
  if (given.title !== undefined && given.title !== incident.title) {
    await updateIncident(tx, incident.id, { title: given.title })
    changes.push({ what: 'title', from: incident.title, to: given.title })
  }
  if (given.detection && given.detection !== incident.detection) {
    await updateIncident(tx, incident.id, { detection: given.detection })
    changes.push({ what: 'detection', from: incident.detection, to: given.detection })
  }
  if (given.serviceIds) {
    await requireServices(tx, given.serviceIds)
    const [from, to] = [incident.serviceIds.join(', '), [...new Set(given.serviceIds)].sort().join(', ')]
    if (from !== to) {
      await replaceServices(tx, incident.id, given.serviceIds)
      changes.push({ what: 'services', from: from || null, to: to || null })
    }
  }
  for (const [field, known, column, what] of TIMES) {
    const at = given[field]
    if (at === undefined || at === incident[known]) continue
    if (at !== null && at > tx.now) throw inFuture(field)
    await updateIncident(tx, incident.id, { [column]: at })
    changes.push({ what, from: isoOrNull(incident[known]), to: isoOrNull(at) })
  }
  if (changes.length === 0) return
  const fact = await incidentChanged.append(tx, world, {
    subject: incident.id,
    actor,
    data: { incidentId: incident.id, changes },
  })
  await insertEntry(tx, {
    incidentId: incident.id,
    happenedAt: tx.now,
    kind: 'change',
    text: changes
      .map(
        ({ what, from, to }) => `Changed ${what} from ${from ?? 'not recorded'} to ${to ?? 'not recorded'}`,
      )
      .join('; '),
    actor: actor.id,
    actorName: actor.name,
    factSeq: fact.seq,
  })
}
