import { z } from 'zod'
import { findService } from '../catalog/index.ts'
import { id, name } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { incidentOpened } from './facts.ts'
import { DETECTIONS, type Incident, SEVERITIES, type StateReason } from './incident.ts'
import { findIncident, insertIncident } from './incidents.rows.ts'
import { joinAlertIn } from './join-alert.ts'
import { insertEntry } from './timeline.rows.ts'

const openIncidentInput = z.strictObject({
  title: name,
  severity: z.enum(SEVERITIES),
  serviceIds: z.array(id).max(50).default([]),
  detection: z.enum(DETECTIONS).default('person'),
  /** When users began to feel it, milliseconds; unknown without it. */
  impactStart: z.number().int().positive().nullable().default(null),
  /** When somebody or something noticed; for people, the declaring itself without it. */
  detectedAt: z.number().int().positive().nullable().optional(),
  /** An alert that begins it. */
  alertId: id.nullable().default(null),
})
export type OpenIncidentInput = z.input<typeof openIncidentInput>

/** Declares an incident. */
export async function openIncident(world: World, actor: Actor, input: OpenIncidentInput): Promise<Incident> {
  authorize(actor, 'responder')
  return world.transact((tx) => openIncidentIn(tx, world, actor, input))
}

/** Declares an incident within the caller's transaction. */
export async function openIncidentIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: OpenIncidentInput,
  reason: StateReason = 'opened-by-person',
  upToSeq?: number,
): Promise<Incident> {
  authorize(actor, 'responder')
  const given = parseInput(openIncidentInput, input)
  await requireServices(tx, given.serviceIds)
  for (const [path, at] of [
    ['impactStart', given.impactStart],
    ['detectedAt', given.detectedAt],
  ] as const)
    if (at != null && at > tx.now) throw inFuture(path)
  const incidentId = newId(tx.now)
  await insertIncident(tx, {
    id: incidentId,
    title: given.title,
    severity: given.severity,
    state: 'declared',
    reason,
    since: tx.now,
    detection: given.detection,
    impactStartedAt: given.impactStart,
    detectedAt: given.detectedAt === undefined ? tx.now : given.detectedAt,
    declaredAt: tx.now,
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    closedAt: null,
    openedBy: actor.id,
    openedByName: actor.name,
    reopened: 0,
    updatedAt: tx.now,
    serviceIds: [...new Set(given.serviceIds)],
  })
  const fact = await incidentOpened.append(tx, world, {
    subject: incidentId,
    actor,
    data: {
      incidentId,
      title: given.title,
      severity: given.severity,
      serviceIds: [...new Set(given.serviceIds)],
      alertId: given.alertId,
      detection: given.detection,
      by: actor.id,
    },
  })
  // Before its own entry, so that the timeline tells the cause before the effect.
  if (given.alertId) await joinAlertIn(tx, world, actor, { incidentId, alertId: given.alertId }, upToSeq)
  await insertEntry(tx, {
    incidentId,
    happenedAt: tx.now,
    kind: 'state',
    text: `Incident declared, ${given.severity}: ${given.title}`,
    actor: actor.id,
    actorName: actor.name,
    factSeq: fact.seq,
  })
  return (await findIncident(tx.db, incidentId))!
}

/** Every service must be known to the catalogue. */
export async function requireServices(tx: Tx, serviceIds: readonly string[]): Promise<void> {
  const problems = []
  for (const [i, serviceId] of serviceIds.entries())
    if ((await findService(tx.db, serviceId))?.removedAt !== null)
      problems.push({
        path: `serviceIds.${i}`,
        message: `There is no service "${serviceId}".`,
        remedy: 'Name a service of the catalogue.',
      })
  if (problems.length > 0) throw new TocsinError('invalid-input', problems[0]!.message, problems)
}

/** A recorded time cannot lie ahead. */
export function inFuture(path: string): TocsinError {
  const message = 'The time lies in the future.'
  return new TocsinError('invalid-input', `${path}: ${message}`, [
    { path, message, remedy: 'Give a time that has passed, or leave it out.' },
  ])
}
