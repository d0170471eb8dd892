import { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import type { Person } from './catalog.ts'
import { spendLink } from './links.rows.ts'
import { linkSpent, makeLinkIn, type OneTimeLink, openLink } from './one-time-link.ts'
import { type OpenedSession, openSessionIn, passwordInput, type RequestOrigin } from './open-session.ts'
import { hashPassword } from './password.ts'
import { findPerson } from './people.rows.ts'
import { requirePassword, setPasswordIn } from './set-password.ts'

/** Makes a one-time link with which a person sets a password: the first one, or a forgotten one. */
export async function invitePerson(
  world: World,
  actor: Actor,
  input: { personId: string },
): Promise<OneTimeLink> {
  authorize(actor, 'administrator')
  return world.transact(async (tx) => {
    const person = await findPerson(tx.db, input.personId)
    if (!person) throw notFound('person', input.personId)
    if (person.disabledAt !== null) throw wrongState(`${person.name} is disabled.`)
    return makeLinkIn(tx, world, actor, 'set-password', person.id)
  })
}

/** Whose password the link sets, for the page that asks for it. Changes nothing. */
export async function readInvitation(world: World, secret: string): Promise<Person> {
  const link = await openLink(world.store.read, secret, 'set-password', world.clock.now())
  const person = await findPerson(world.store.read, link.person_id!)
  if (!person || person.disabledAt !== null) throw linkSpent()
  return person
}

const schema = z.strictObject({ secret: z.string().min(20).max(200), password: passwordInput })

/** Sets the password with the link and signs the person in; sessions from before end. */
export async function acceptInvitation(
  world: World,
  input: z.input<typeof schema>,
  from: RequestOrigin,
): Promise<OpenedSession> {
  const { secret, password } = parseInput(schema, input)
  requirePassword(password, await readInvitation(world, secret))
  const hash = await hashPassword(password)
  return world.transact(async (tx) => {
    const link = await openLink(tx.db, secret, 'set-password', tx.now)
    const person = await findPerson(tx.db, link.person_id!)
    if (!person || !(await spendLink(tx.db, link.id, tx.now))) throw linkSpent()
    await setPasswordIn(tx, world, person, hash, 'link')
    return openSessionIn(tx, person, from)
  })
}
