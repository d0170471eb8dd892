import { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { addContactIn } from './add-contact.ts'
import type { Person } from './catalog.ts'
import { catalogConfigured } from './facts.ts'
import { email, name, role, slug, timezone } from './fields.ts'
import { lockCatalog } from './lock.rows.ts'
import { findAccount, findPerson, type PersonValues, putPerson } from './people.rows.ts'

const schema = z.strictObject({ id: slug, name, email, role, timezone: timezone.default('UTC') })

/** Throws `duplicate` when somebody else signs in with the address. */
export async function requireFreeEmail(tx: Tx, address: string, exceptId: string | null): Promise<void> {
  const taken = (await findAccount(tx.db, address))?.person
  if (taken && taken.id !== exceptId)
    throw new TocsinError('duplicate', `${taken.name} has this e-mail address.`, [
      { path: 'email', message: 'is taken' },
    ])
}

/** Writes a new person with the e-mail address as the first contact. */
export async function addPersonIn(tx: Tx, world: World, actor: Actor, values: PersonValues): Promise<Person> {
  await putPerson(tx.db, values, 'api', tx.now)
  await catalogConfigured.append(tx, world, {
    subject: values.id,
    actor,
    data: { noun: 'person', id: values.id, change: 'created' },
  })
  const contact = { personId: values.id, position: 1, kind: 'email', address: { email: values.email } }
  await addContactIn(tx, world, actor, contact, 'api')
  return (await findPerson(tx.db, values.id))!
}

/** Adds a person that no file manages; they can sign in once they were invited and have set a password. */
export async function createPerson(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
): Promise<Person> {
  authorize(actor, 'administrator')
  const values = parseInput(schema, input)
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    if (await findPerson(tx.db, values.id))
      throw new TocsinError('duplicate', `There is or was a person "${values.id}".`, [
        { path: 'id', message: 'is taken' },
      ])
    await requireFreeEmail(tx, values.email, null)
    return addPersonIn(tx, world, actor, values)
  })
}
