import { findPerson, findService, findTeam, type Person, teamsOf } from '../../catalog/index.ts'
import { findIncident } from '../../incidents/index.ts'
import type { Reader } from '../../store/store.ts'
import type { Action } from '../postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'

/** Who owns the action and can still be reached, or null. */
export async function activeOwner(db: Reader, { owner }: Pick<Action, 'owner'>): Promise<Person | null> {
  const person = owner === null ? null : await findPerson(db, owner)
  return person && person.disabledAt === null ? person : null
}

/** The people of the teams that own what was struck; where nothing is recorded, those of the owner's teams. */
export async function teamOf(db: Reader, action: Pick<Action, 'owner' | 'postmortemId'>): Promise<Person[]> {
  const teams = new Set<string>()
  const postmortem = await findPostmortem(db, action.postmortemId)
  const incident = postmortem?.incidentId ? await findIncident(db, postmortem.incidentId) : null
  for (const serviceId of incident?.serviceIds ?? []) {
    const service = await findService(db, serviceId)
    if (service?.owner) teams.add(service.owner)
  }
  if (teams.size === 0 && action.owner !== null)
    for (const team of await teamsOf(db, action.owner)) teams.add(team.id)
  const people = new Map<string, Person>()
  for (const id of teams) {
    const team = await findTeam(db, id)
    if (!team || team.removedAt !== null) continue
    for (const member of team.members) {
      const person = await findPerson(db, member)
      if (person && person.disabledAt === null) people.set(person.id, person)
    }
  }
  return [...people.values()]
}
