import { z } from 'zod'
import { type ChannelMap, parseAddress, channels as realChannels } from '../channels/index.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import type { Contact, ManagedBy } from './catalog.ts'
import { addressKey, insertContact, listContacts } from './contacts.rows.ts'
import { contactAdded } from './facts.ts'
import { contactInput } from './fields.ts'
import { lockCatalog } from './lock.rows.ts'
import { findPerson } from './people.rows.ts'
import { authorizeFor } from './person-actor.ts'
import { queueVerification } from './queue-verification.ts'

const schema = contactInput.extend({ personId: z.string().max(200) })

/** More than this nobody needs, and each is a place that messages go to. */
const MOST_CONTACTS = 20

/** Writes a contact, its fact, and queues its verification. */
export async function addContactIn(
  tx: Tx,
  world: World,
  actor: Actor,
  contact: { personId: string; position: number; kind: string; address: Record<string, unknown> },
  managedBy: ManagedBy,
): Promise<Contact> {
  const id = newId(tx.now)
  const { personId, kind } = contact
  await insertContact(tx.db, { id, ...contact }, managedBy, tx.now)
  await contactAdded.append(tx, world, { subject: id, actor, data: { contactId: id, personId, kind } })
  await queueVerification(tx, { id, ...contact })
  return { id, ...contact, state: 'unverified', managedBy, verifiedAt: null, verificationAskedAt: tx.now }
}

/** Gives a person one more way to be reached; it counts once the person has verified it. */
export async function addContact(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
  channels: ChannelMap = realChannels,
): Promise<Contact> {
  const { personId, kind, address: raw } = parseInput(schema, input)
  authorizeFor(actor, personId)
  const address = parseAddress(channels, kind, raw)
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const person = await findPerson(tx.db, personId)
    if (!person) throw notFound('person', personId)
    if (person.disabledAt !== null) throw wrongState(`${person.name} is disabled.`)
    const existing = await listContacts(tx.db, personId)
    if (existing.length >= MOST_CONTACTS)
      throw wrongState(`${person.name} has ${existing.length} contacts already.`)
    if (existing.some((contact) => addressKey(contact.kind, contact.address) === addressKey(kind, address)))
      throw new TocsinError('duplicate', `${person.name} has this contact already.`)
    const position = Math.max(0, ...existing.map((contact) => contact.position)) + 1
    return addContactIn(tx, world, actor, { personId, position, kind, address }, 'api')
  })
}
