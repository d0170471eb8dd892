import { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import { type Actor, systemActor, type World } from '../engine/world.ts'
import { TocsinError, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import type { Db, Reader } from '../store/store.ts'
import type { Person } from './catalog.ts'
import { addPersonIn } from './create-person.ts'
import { email, name } from './fields.ts'
import { spendLink } from './links.rows.ts'
import { lockCatalog } from './lock.rows.ts'
import { linkSpent, makeLinkIn, type OneTimeLink, openLink } from './one-time-link.ts'
import { type OpenedSession, openSessionIn, passwordInput, type RequestOrigin } from './open-session.ts'
import { hashPassword } from './password.ts'
import { countAdministrators, findAccount, findPerson } from './people.rows.ts'
import { requirePassword, setPasswordIn } from './set-password.ts'

/** Whether nobody can sign in as an administrator yet, or any more. */
export async function needsSetup(db: Reader): Promise<boolean> {
  return (await countAdministrators(db)) === 0
}

/** The link for the first administrator, which `serve` prints; null when there is one who can sign in. */
export async function createSetupLink(world: World, actor: Actor): Promise<OneTimeLink | null> {
  authorize(actor, 'administrator')
  return world.transact(async (tx) =>
    (await needsSetup(tx.db)) ? makeLinkIn(tx, world, actor, 'first-administrator', null) : null,
  )
}

const schema = z.strictObject({ secret: z.string().min(20).max(200), name, email, password: passwordInput })

/** A free id made of the left side of the address: it stands in configuration files, so people must like it. */
async function freeId(db: Db, address: string): Promise<string> {
  const base =
    address
      .split('@')[0]!
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'admin'
  for (let i = 1; ; i++) {
    const id = i === 1 ? base : `${base}-${i}`
    if (!(await findPerson(db, id))) return id
  }
}

/** Sets up the first administrator with the one-time link and signs them in. */
export async function completeSetup(
  world: World,
  input: z.input<typeof schema>,
  from: RequestOrigin,
): Promise<OpenedSession> {
  const wanted = parseInput(schema, input)
  await openLink(world.store.read, wanted.secret, 'first-administrator', world.clock.now())
  requirePassword(wanted.password, wanted)
  const hash = await hashPassword(wanted.password)
  const actor = systemActor('catalog')
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const link = await openLink(tx.db, wanted.secret, 'first-administrator', tx.now)
    if (!(await spendLink(tx.db, link.id, tx.now))) throw linkSpent()
    if (!(await needsSetup(tx.db)))
      throw wrongState('There is an administrator already: ask them for an invitation.')
    const known = (await findAccount(tx.db, wanted.email))?.person
    if (known && known.role !== 'administrator')
      throw new TocsinError('duplicate', `${known.name} has this address and the role ${known.role}.`, [
        {
          path: 'email',
          message: 'is taken',
          remedy: 'Use another address, or make this person an administrator in the configuration.',
        },
      ])
    const person: Person =
      known ??
      (await addPersonIn(tx, world, actor, {
        id: await freeId(tx.db, wanted.email),
        name: wanted.name,
        email: wanted.email,
        role: 'administrator',
        timezone: 'UTC',
      }))
    await setPasswordIn(tx, world, person, hash, 'first-administrator')
    return openSessionIn(tx, person, from)
  })
}
