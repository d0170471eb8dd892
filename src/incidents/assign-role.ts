import { z } from 'zod'
import { findPerson } from '../catalog/index.ts'
import { id, slug } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { incidentRoleAssigned } from './facts.ts'
import type { Incident } from './incident.ts'
import { putRole } from './incident-parts.rows.ts'
import { findIncident } from './incidents.rows.ts'
import { insertEntry } from './timeline.rows.ts'

/** Roles that most teams know. Roles are data: any other word will do as well. */
export const USUAL_ROLES = ['commander', 'communications', 'scribe', 'operations', 'liaison'] as const

const assignRoleInput = z.strictObject({ incidentId: id, role: slug, personId: id.nullable() })
export type AssignRoleInput = z.input<typeof assignRoleInput>

/** Gives a role to a person; null lays it down. */
export async function assignRole(world: World, actor: Actor, input: AssignRoleInput): Promise<Incident> {
  authorize(actor, 'responder')
  const { incidentId, role, personId } = parseInput(assignRoleInput, input)
  return world.transact(async (tx) => {
    const incident = await findIncident(tx.db, incidentId)
    if (!incident) throw notFound('incident', incidentId)
    const person = personId === null ? null : await findPerson(tx.db, personId)
    if (personId !== null && !person) throw notFound('person', personId)
    const holder = incident.roles.find((held) => held.role === role)
    if ((holder?.personId ?? null) === personId) return incident
    await putRole(tx, incidentId, role, person)
    const fact = await incidentRoleAssigned.append(tx, world, {
      subject: incidentId,
      actor,
      data: { incidentId, role, personId, personName: person?.name ?? null },
    })
    await insertEntry(tx, {
      incidentId,
      happenedAt: tx.now,
      kind: 'role',
      text: person
        ? `${person.name} is ${role}${holder ? `, after ${holder.name}` : ''}`
        : `${holder!.name} is no longer ${role}`,
      actor: actor.id,
      actorName: actor.name,
      factSeq: fact.seq,
    })
    return (await findIncident(tx.db, incidentId))!
  })
}
