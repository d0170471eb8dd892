import { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import type { Person } from './catalog.ts'
import { changeContactIn } from './change-contact.ts'
import { listContacts } from './contacts.rows.ts'
import { requireFreeEmail } from './create-person.ts'
import { catalogConfigured } from './facts.ts'
import { email, name, role, timezone } from './fields.ts'
import { voidLinks } from './links.rows.ts'
import { lockCatalog } from './lock.rows.ts'
import {
  countAdministrators,
  disablePersonRow,
  findPerson,
  type PersonValues,
  putPerson,
} from './people.rows.ts'
import { endSessionsOf } from './sessions.rows.ts'

const schema = z.strictObject({
  id: z.string().max(200),
  name: name.optional(),
  email: email.optional(),
  role: role.optional(),
  timezone: timezone.optional(),
  disabled: z.boolean().optional(),
})

/** Disables a person: sessions end, links are spent, and from now on they are not paged. */
export async function disablePersonIn(tx: Tx, world: World, actor: Actor, id: string): Promise<void> {
  if (!(await disablePersonRow(tx.db, id, tx.now))) return
  await endSessionsOf(tx.db, id, tx.now)
  await voidLinks(tx.db, 'set-password', id, tx.now)
  await catalogConfigured.append(tx, world, {
    subject: id,
    actor,
    data: { noun: 'person', id, change: 'removed' },
  })
}

async function requireAnotherAdministrator(tx: Tx, person: Person): Promise<void> {
  if (
    person.role === 'administrator' &&
    person.hasPassword &&
    (await countAdministrators(tx.db, person.id)) === 0
  )
    throw wrongState(`${person.name} is the only administrator who can sign in: invite another one first.`)
}

/** Changes a person that no file manages, or disables and enables them. */
export async function changePerson(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
): Promise<Person> {
  authorize(actor, 'administrator')
  const { id, disabled, ...wanted } = parseInput(schema, input)
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const person = await findPerson(tx.db, id)
    if (!person) throw notFound('person', id)
    if (person.managedBy === 'file')
      throw new TocsinError(
        'managed-by-file',
        `Change ${person.name} in the configuration file, section "people".`,
      )
    const values = {
      id,
      name: person.name,
      email: person.email,
      role: person.role,
      timezone: person.timezone,
      ...wanted,
    }
    if (disabled === true) {
      await requireAnotherAdministrator(tx, person)
      await disablePersonIn(tx, world, actor, id)
      return (await findPerson(tx.db, id))!
    }
    if (person.disabledAt !== null && disabled !== false) throw wrongState(`${person.name} is disabled.`)
    if (values.role !== 'administrator') await requireAnotherAdministrator(tx, person)
    if (person.disabledAt === null && isSame(person, values)) return person
    await requireFreeEmail(tx, values.email, id)
    await putPerson(tx.db, values, 'api', tx.now)
    await catalogConfigured.append(tx, world, {
      subject: id,
      actor,
      data: { noun: 'person', id, change: 'changed' },
    })
    await followEmail(tx, world, actor, person, values.email)
    return (await findPerson(tx.db, id))!
  })
}

function isSame(person: Person, values: PersonValues): boolean {
  return (['name', 'email', 'role', 'timezone'] as const).every((key) => person[key] === values[key])
}

/** The contact that came with the old address becomes one of the new address, to be verified anew. */
async function followEmail(
  tx: Tx,
  world: World,
  actor: Actor,
  person: Person,
  address: string,
): Promise<void> {
  if (address === person.email) return
  const contacts = (await listContacts(tx.db, person.id)).filter((contact) => contact.kind === 'email')
  const old = contacts.find((contact) => contact.address.email === person.email)
  const there = contacts.some((contact) => contact.address.email === address)
  if (old && !there) await changeContactIn(tx, world, actor, old, { email: address })
}
