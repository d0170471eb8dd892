import { authorize } from '../engine/authorize.ts'
import type { Actor } from '../engine/world.ts'
import type { Person } from './catalog.ts'

/** A person as the one who does something. */
export function actorOfPerson(person: Person): Actor {
  return { id: `person:${person.id}`, name: person.name, role: person.role, personId: person.id }
}

/** Everybody looks after their own things; administrators after anyone's. */
export function authorizeFor(actor: Actor, personId: string): void {
  authorize(actor, actor.personId === personId ? 'viewer' : 'administrator')
}
