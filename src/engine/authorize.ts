import { ROLES, type Role } from '../contract/route.ts'
import { TocsinError } from '../kit/errors.ts'
import type { Actor } from './world.ts'

/** Whether `role` includes what `needed` allows. */
export function roleIncludes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** The first line of every verb: throws `forbidden` when the actor's role does not reach. */
export function authorize(actor: Actor, needed: Role): void {
  if (!roleIncludes(actor.role, needed))
    throw new TocsinError(
      'forbidden',
      `This takes the role ${needed}; ${actor.name} has the role ${actor.role}.`,
    )
}
