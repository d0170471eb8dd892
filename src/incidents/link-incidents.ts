import { z } from 'zod'
import { id } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { incidentsLinked } from './facts.ts'
import { type Incident, LINK_KINDS } from './incident.ts'
import { insertLink } from './incident-parts.rows.ts'
import { findIncident } from './incidents.rows.ts'
import { insertEntry } from './timeline.rows.ts'

const linkIncidentsInput = z.strictObject({ incidentId: id, toId: id, kind: z.enum(LINK_KINDS) })
export type LinkIncidentsInput = z.input<typeof linkIncidentsInput>

const SAID = {
  'caused-while-resolving': ['Caused while resolving', 'Led, while it was being resolved, to'],
  'same-trigger': ['Has the same trigger as', 'Has the same trigger as'],
  'masked-by': ['Was masked by', 'Masked'],
  'duplicate-of': ['Is a duplicate of', 'Has as a duplicate'],
} as const

/** Says how two incidents hang together; both timelines tell of it. */
export async function linkIncidents(
  world: World,
  actor: Actor,
  input: LinkIncidentsInput,
): Promise<Incident> {
  authorize(actor, 'responder')
  const { incidentId, toId, kind } = parseInput(linkIncidentsInput, input)
  if (incidentId === toId) throw new TocsinError('invalid-input', 'An incident cannot be linked to itself.')
  return world.transact(async (tx) => {
    const from = await findIncident(tx.db, incidentId)
    if (!from) throw notFound('incident', incidentId)
    const to = await findIncident(tx.db, toId)
    if (!to) throw notFound('incident', toId)
    if (!(await insertLink(tx, incidentId, toId, kind))) return from
    const fact = await incidentsLinked.append(tx, world, {
      subject: incidentId,
      actor,
      data: { incidentId, toId, kind },
    })
    const entry = {
      happenedAt: tx.now,
      kind: 'link',
      actor: actor.id,
      actorName: actor.name,
      factSeq: fact.seq,
    } as const
    await insertEntry(tx, { ...entry, incidentId, text: `${SAID[kind][0]}: ${to.title}` })
    await insertEntry(tx, { ...entry, incidentId: toId, text: `${SAID[kind][1]}: ${from.title}` })
    return (await findIncident(tx.db, incidentId))!
  })
}
