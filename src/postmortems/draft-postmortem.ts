import { z } from 'zod'
import { findService } from '../catalog/index.ts'
import { listUpdates } from '../comms/index.ts'
import { id, name } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import {
  findIncident,
  type Incident,
  incidentTimes,
  readTimeline,
  recordEntryIn,
} from '../incidents/index.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { draftBody } from './draft-body.rules.ts'
import { dueDates } from './due-dates.rules.ts'
import { postmortemDrafted } from './facts.ts'
import type { Postmortem, PostmortemReason } from './postmortem.ts'
import {
  findPostmortem,
  insertPostmortem,
  insertRevision,
  postmortemOfIncident,
  readPostmortemSettings,
} from './postmortems.rows.ts'
import { scheduleChase } from './review/schedule-chase.ts'

const draftPostmortemInput = z.strictObject({ incidentId: id, title: name.optional() })
export type DraftPostmortemInput = z.input<typeof draftPostmortemInput>

/** Drafts the post-mortem of an incident from its timeline. */
export async function draftPostmortem(
  world: World,
  actor: Actor,
  input: DraftPostmortemInput,
): Promise<Postmortem> {
  authorize(actor, 'responder')
  return world.transact((tx) => draftPostmortemIn(tx, world, actor, input))
}

/** Drafts it within the caller's transaction. */
export async function draftPostmortemIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: DraftPostmortemInput,
  reason: PostmortemReason = 'drafted-by-person',
): Promise<Postmortem> {
  authorize(actor, 'responder')
  const given = parseInput(draftPostmortemInput, input)
  const incident = await findIncident(tx.db, given.incidentId)
  if (!incident) throw notFound('incident', given.incidentId)
  const existing = await postmortemOfIncident(tx.db, incident.id)
  if (existing) throw duplicate(existing)
  const settings = await readPostmortemSettings(tx.db)
  const postmortem = {
    id: newId(tx.now),
    incidentId: incident.id,
    title: given.title ?? incident.title,
    body: await bodyOf(tx, incident),
    categories: [],
    keywords: [],
    state: 'draft',
    reason,
    since: tx.now,
    version: 1,
    ...dueDates(settings, incident.severity, incident.resolvedAt ?? tx.now),
    createdAt: tx.now,
    updatedAt: tx.now,
  } as const satisfies Omit<Postmortem, 'actionIds' | 'categories' | 'keywords'> & {
    categories: readonly []
    keywords: readonly []
  }
  if (!(await insertPostmortem(tx, { ...postmortem, categories: [], keywords: [] })))
    throw duplicate((await postmortemOfIncident(tx.db, incident.id))!)
  await insertRevision(tx, postmortem.id, {
    version: 1,
    title: postmortem.title,
    body: postmortem.body,
    actor: actor.id,
    actorName: actor.name,
    at: tx.now,
  })
  const fact = await postmortemDrafted.append(tx, world, {
    subject: postmortem.id,
    actor,
    data: { postmortemId: postmortem.id, incidentId: incident.id },
  })
  await recordEntryIn(tx, world, actor, {
    incidentId: incident.id,
    kind: 'postmortem',
    text: 'Post-mortem drafted',
    factSeq: fact.seq,
  })
  await scheduleChase(tx, world, postmortem)
  return (await findPostmortem(tx.db, postmortem.id))!
}

function duplicate(existing: Pick<Postmortem, 'id'>): TocsinError {
  return new TocsinError('duplicate', `The incident has the post-mortem ${existing.id} already.`)
}

async function bodyOf(tx: Tx, incident: Incident): Promise<string> {
  const services: Record<string, string> = {}
  for (const serviceId of incident.serviceIds)
    services[serviceId] = (await findService(tx.db, serviceId))?.name ?? serviceId
  return draftBody({
    incident,
    times: incidentTimes(incident),
    timeline: await readTimeline(tx.db, incident.id),
    services,
    updates: (await listUpdates(tx.db, incident.id)).reverse(),
  })
}
